-- SPDX-License-Identifier: MIT
-- The minutes in which an app came nearest to the rate limit, at most 20; of a closed month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see engagement.json.
SELECT
    m.minute,
    headroom.rate_words(m.rate_limited, m.used) AS meaning,
    m.requests,
    m.rate_limit AS allowed,
    m.rate_remaining AS remaining,
    m.used AS share,
    m.rate_limited AS refused,
    coalesce(m.app, '(none logged)') AS app
FROM headroom.rate_minutes($1::bigint, $2::date) AS m
ORDER BY m.used DESC NULLS LAST, m.rate_limited DESC, m.rate_remaining NULLS LAST, m.minute, m.app COLLATE "C"
LIMIT 20;
