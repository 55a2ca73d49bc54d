-- SPDX-License-Identifier: MIT
-- Each day of the billing month. A day that no data has reached yet has a date and a limit, but no figures; a day whose
-- end is still to come has the forecast of it, rounded outward.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz; $4 forecast jsonb.
-- Columns: see daily.json.
WITH reach AS MATERIALIZED (
    SELECT r.* FROM headroom.stated_reach($1::bigint, $2::date, $3::timestamptz) AS r
),
reached AS MATERIALIZED (
    SELECT
        day.*,
        reach.unit_limit,
        day.starts_at < reach.as_of
            OR max(day.starts_at) FILTER (WHERE day.requests > 0) OVER () >= day.starts_at AS has_figures
    FROM reach
    CROSS JOIN headroom.stated_days($1::bigint, $2::date) AS day
),
expected AS MATERIALIZED (
    SELECT path.date, floor(path.p10) AS p10, round(path.p50) AS p50, ceil(path.p90) AS p90
    FROM jsonb_to_recordset($4::jsonb -> 'path') AS path (
        date date, p10 double precision, p50 double precision, p90 double precision)
),
first_time AS MATERIALIZED (
    SELECT first.* FROM headroom.first_time_days($1::bigint, $2::date) AS first
),
requested AS MATERIALIZED (
    SELECT requested.* FROM headroom.stated_request_days($1::bigint, $2::date) AS requested
)
SELECT
    reached.day,
    CASE
        WHEN has_figures AND expected.p50 IS NOT NULL THEN 'so far'
        WHEN has_figures THEN 'counted'
        WHEN expected.p50 IS NOT NULL THEN 'forecast'
        ELSE 'no data'
    END AS figures,
    CASE WHEN has_figures THEN new_handles END AS new_handles,
    CASE WHEN has_figures THEN coalesce(first_time, 0) END AS first_time,
    CASE WHEN has_figures THEN new_handles - coalesce(first_time, 0) END AS returning,
    CASE WHEN has_figures THEN seen - new_handles END AS seen_again,
    CASE WHEN has_figures THEN cumulative END AS cumulative,
    unit_limit,
    CASE WHEN has_figures THEN requests END AS requests,
    CASE WHEN has_figures THEN coalesce(failures, 0) END AS failures,
    most_frequent AS most_frequent_failure,
    CASE WHEN has_figures THEN coalesce(rate_limited, 0) END AS rate_limited,
    rate_limit,
    rate_remaining,
    CASE WHEN rate_limit > 0 THEN (rate_limit - rate_remaining)::numeric / rate_limit END AS rate_used,
    expected.p10::bigint AS p10,
    expected.p50::bigint AS p50,
    expected.p90::bigint AS p90
FROM reached
LEFT JOIN expected ON expected.date = reached.day
LEFT JOIN first_time USING ("bit")
LEFT JOIN requested USING ("bit")
ORDER BY reached.bit;
