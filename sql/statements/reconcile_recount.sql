-- SPDX-License-Identifier: MIT
-- The unique handles counted again from the raw events, against the maintained count, under each of the six rules.
-- $1 contract_id bigint; $2 month date; $3 spread bigint[]: the counts, as in month_status.
-- Columns: name, expected (from the events), found (as maintained), state ('pass', 'fail').
SELECT
    'recount ' || rule.rule AS name,
    recounted.unique_handles AS expected,
    ($3::bigint[])[rule.place] AS found,
    CASE WHEN recounted.unique_handles = ($3::bigint[])[rule.place] THEN 'pass' ELSE 'fail' END AS state
FROM headroom.counting_rule AS rule
LEFT JOIN headroom.recount($1::bigint, $2::date) AS recounted ON recounted.rule = rule.rule
ORDER BY rule.place;
