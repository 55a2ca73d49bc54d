-- SPDX-License-Identifier: MIT
-- The unique handles counted again from the raw events, against the maintained count, under each of the six rules; and
-- the list of owners that the maintained count stands for, against it.
-- $1 contract_id bigint; $2 month date; $3 spread bigint[]: the counts, as in month_status.
-- Columns: name, expected, found (as maintained), state ('pass', 'fail').
SELECT check_of.name, check_of.expected, check_of.found,
    CASE WHEN check_of.expected = check_of.found THEN 'pass' ELSE 'fail' END AS state
FROM (
    SELECT rule.place, 'recount ' || rule.rule AS name, recounted.unique_handles AS expected,
        ($3::bigint[])[rule.place] AS found
    FROM headroom.counting_rule AS rule
    LEFT JOIN headroom.recount($1::bigint, $2::date) AS recounted ON recounted.rule = rule.rule
    UNION ALL
    SELECT 7, 'subjects and requests in the usage', usage.expected, usage.found
    FROM headroom.usage_sum($1::bigint, $2::date) AS usage
) AS check_of
ORDER BY check_of.place;
