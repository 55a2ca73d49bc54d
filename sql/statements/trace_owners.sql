-- SPDX-License-Identifier: MIT
-- Whom a handle or a user id means in a billing month: one owner, or several where the handle passed to another user.
-- $1 contract_id bigint; $2 month date; $3 '@' and a normalised handle (null: a user id is asked for); $4 the owner
-- itself: a user id's digits, or '~' and a digest (null: a handle is asked for).
-- Column: owner.
WITH days AS (
    SELECT array_agg(d.day ORDER BY d.bit) AS dates, array_agg(d.ends_at ORDER BY d.bit) AS ends
    FROM headroom.period_days($1::bigint, $2::date) AS d
),
known AS (
    SELECT coalesce(h.user_id::text, h.subject) AS owner
    FROM days
    CROSS JOIN LATERAL headroom.handle_days(ARRAY[$3::text], days.dates, days.ends) AS h
    WHERE $3::text IS NOT NULL
)
SELECT known.owner
FROM known
UNION
SELECT coalesce($4::text, $3::text)
WHERE NOT EXISTS (SELECT FROM known)
ORDER BY owner;
