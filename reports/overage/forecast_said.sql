-- SPDX-License-Identifier: MIT
-- What was said of the month and recorded, in order; how far off it was once the month is over.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see forecast.json.
WITH status AS MATERIALIZED (
    SELECT CASE WHEN state <> 'open' AND unique_handles > 0 THEN unique_handles END AS ended_at
    FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz)
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
    (round(said.p50)::bigint - status.ended_at)::numeric / status.ended_at AS error
FROM status
CROSS JOIN headroom.forecast_said AS said
WHERE said.contract_id = $1::bigint
    AND said.month = $2::date
ORDER BY said.said_on;
