-- SPDX-License-Identifier: MIT
-- The unique handles counted again from the raw events, against the maintained count, under each of the six rules; and
-- the list of the owners, gone through one by one.
-- $1 contract_id bigint; $2 month date; of its status: $3 spread bigint[], $4 unique_handles bigint, $5 counted_requests
-- bigint. Columns: name, expected (of the recount: from the events), found (as maintained), state ('pass', 'fail').
SELECT name, expected, found, state
FROM headroom.list_checks($1::bigint, $2::date, $4::bigint, $5::bigint)
UNION ALL (
    SELECT
        'recount ' || rule.rule,
        recounted.unique_handles,
        ($3::bigint[])[rule.place],
        CASE WHEN recounted.unique_handles = ($3::bigint[])[rule.place] THEN 'pass' ELSE 'fail' END
    FROM headroom.counting_rule AS rule
    LEFT JOIN headroom.recount($1::bigint, $2::date) AS recounted ON recounted.rule = rule.rule
    ORDER BY rule.place);
