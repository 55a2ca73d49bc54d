-- SPDX-License-Identifier: MIT
-- Each day of the billing month. A day that no data has reached yet has a date and a limit, but no figures.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see layout.json.
WITH status AS (
    SELECT unit_limit, as_of
    FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz)
),
days AS (
    SELECT
        day.*,
        status.unit_limit,
        day.starts_at < status.as_of
            OR max(day.starts_at) FILTER (WHERE day.requests > 0) OVER () >= day.starts_at AS reached
    FROM status
    CROSS JOIN headroom.stated_days($1::bigint, $2::date) AS day
)
SELECT
    day,
    CASE WHEN reached THEN new_handles END AS new_handles,
    CASE WHEN reached THEN cumulative END AS cumulative,
    unit_limit,
    CASE WHEN reached THEN seen END AS seen,
    CASE WHEN reached THEN requests END AS requests
FROM days
ORDER BY days.bit;
