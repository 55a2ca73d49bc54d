-- SPDX-License-Identifier: MIT
-- What was said of the month and recorded, in order; how far off it was once the month is over.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see forecast.json.
WITH said AS MATERIALIZED (
    SELECT *
    FROM headroom.forecast_said
    WHERE contract_id = $1::bigint
        AND month = $2::date
),
-- Asked for only where something was said.
ended AS MATERIALIZED (
    SELECT status.unique_handles
    FROM (SELECT FROM said LIMIT 1) AS asked
    CROSS JOIN LATERAL headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
    WHERE status.state <> 'open'
        AND status.unique_handles > 0
)
SELECT
    said.said_on,
    said.used,
    floor(said.p10)::bigint AS p10,
    round(said.p50)::bigint AS p50,
    ceil(said.p90)::bigint AS p90,
    said.probability,
    headroom.money(said.expected_charge, said.currency) AS expected_charge,
    said.currency,
    (round(said.p50)::bigint - ended.unique_handles)::numeric / ended.unique_handles AS error
FROM said
LEFT JOIN ended ON true
ORDER BY said.said_on;
