-- SPDX-License-Identifier: MIT
-- How near each app came to the rate limit: the minute in which it used most of its allowance, the first such one; of
-- a closed month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see engagement.json.
SELECT
    coalesce(nearest.app, '(none logged)') AS app,
    headroom.rate_words(nearest.in_month::bigint, nearest.used) AS meaning,
    nearest.requests,
    nearest.rate_limit AS allowed,
    nearest.rate_remaining AS remaining,
    nearest.used AS share,
    nearest.in_month AS refused,
    nearest.minute
FROM (
    SELECT DISTINCT ON (m.app COLLATE "C")
        m.app,
        m.minute,
        m.rate_limit,
        m.rate_remaining,
        m.used,
        sum(m.requests) OVER of_app AS requests,
        sum(m.rate_limited) OVER of_app AS in_month
    FROM headroom.rate_minutes($1::bigint, $2::date) AS m
    WINDOW of_app AS (PARTITION BY m.app)
    ORDER BY m.app COLLATE "C", m.used DESC NULLS LAST, m.rate_remaining NULLS LAST, m.minute
) AS nearest
ORDER BY nearest.used DESC NULLS LAST, nearest.in_month DESC, nearest.app COLLATE "C";
