-- SPDX-License-Identifier: MIT
-- How near the month's requests came to the rate limit, by day: the days of which a request says it, or was refused for
-- it, without requests of voided batches; of a closed month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see engagement.json.
WITH daily AS (
    SELECT
        d.day AS "bit",
        min(d.rate_remaining_min) AS remaining,
        max(d.rate_limit_max) AS allowed,
        sum(d.requests) AS requests,
        sum(d.rate_limited) AS refused
    FROM headroom.daily AS d
    WHERE d.contract_id = $1::bigint
        AND d.month = $2::date
        AND d.batch_id <> ALL ((SELECT headroom.absent_since(headroom.stated_until($1::bigint, $2::date)))::bigint[])
    GROUP BY d.day
)
SELECT
    day.day,
    CASE
        WHEN used.refused > 0 THEN 'Requests were refused'
        WHEN used.share > 0.9 THEN 'Less than a tenth was left'
        WHEN used.share IS NOT NULL THEN 'Within the limit'
        ELSE 'The log does not say what was allowed'
    END AS meaning,
    used.requests,
    used.allowed,
    used.remaining,
    round(used.share, 4) AS share,
    used.refused
FROM (
    SELECT daily.*, CASE WHEN remaining <= allowed AND allowed > 0 THEN 1 - remaining::numeric / allowed END AS share
    FROM daily
) AS used
JOIN headroom.period_days($1::bigint, $2::date) AS day USING ("bit")
WHERE used.remaining IS NOT NULL
    OR used.refused > 0
ORDER BY day.day;
