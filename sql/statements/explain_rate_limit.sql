-- SPDX-License-Identifier: MIT
-- How near a billing month came to the rate limit; of a closed month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: allowed: in a minute, the most that an answer said; remaining: the fewest that were left of a minute (both
-- null where no answer said it); nearest_day: 'YYYY-MM-DD', of that minute; refused: answers 429.
SELECT
    max(used.rate_limit) AS allowed,
    min(used.rate_remaining) AS remaining,
    (array_agg(day.day ORDER BY used.rate_remaining, day.day) FILTER (WHERE used.rate_remaining IS NOT NULL))[1]
        AS nearest_day,
    coalesce(sum(used.rate_limited), 0)::bigint AS refused
FROM headroom.stated_request_days($1::bigint, $2::date) AS used
JOIN headroom.period_days($1::bigint, $2::date) AS day USING ("bit");
