-- SPDX-License-Identifier: MIT
-- The unique handles counted again from the raw events, against the maintained count, under each of the six rules.
-- $1 contract_id bigint; $2 month date.
-- Columns: name, expected (from the events), found (as maintained), state ('pass', 'fail').
SELECT
    'recount ' || coalesce(maintained.rule, recounted.rule) AS name,
    recounted.unique_handles AS expected,
    maintained.unique_handles AS found,
    CASE WHEN recounted.unique_handles = maintained.unique_handles THEN 'pass' ELSE 'fail' END AS state
FROM headroom.spread($1::bigint, $2::date) AS maintained
FULL JOIN headroom.recount($1::bigint, $2::date) AS recounted ON recounted.rule = maintained.rule
ORDER BY array_position(
    ARRAY['attempted', 'attempted+app', 'answered', 'answered+app', 'delivered', 'delivered+app'],
    coalesce(maintained.rule, recounted.rule));
