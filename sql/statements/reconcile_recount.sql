-- SPDX-License-Identifier: MIT
-- What only the raw events can prove: the unique handles counted again, against the maintained count, under each of the
-- six rules; and the events that share an id.
-- $1 contract_id bigint; $2 month date.
-- Columns: name, expected (from the events), found (as maintained), state ('pass', 'warn', 'fail').
WITH recounts AS (
    SELECT
        counting_rule.place,
        'recount ' || counting_rule.rule AS name,
        recounted.unique_handles AS expected,
        maintained.unique_handles AS found
    FROM headroom.counting_rule AS counting_rule
    LEFT JOIN headroom.spread($1::bigint, $2::date) AS maintained ON maintained.rule = counting_rule.rule
    LEFT JOIN headroom.recount($1::bigint, $2::date) AS recounted ON recounted.rule = counting_rule.rule
)
SELECT name, expected, found, state
FROM (
    SELECT place, name, expected, found, CASE WHEN expected = found THEN 'pass' ELSE 'fail' END AS state
    FROM recounts
    UNION ALL
    SELECT NULL, name, expected, found, state
    FROM headroom.pair_checks($1::bigint, $2::date)
) AS proofs
ORDER BY place NULLS LAST, name COLLATE "C";
