-- SPDX-License-Identifier: MIT
-- Says that nothing up to a number is still in a spool. What has not come by then is a hole.
-- $1 spool; $2 number bigint; $3 time of the request with it, timestamptz.
-- Columns: first_number, last_number of each new hole.
WITH spool AS (
    SELECT s.spool, s.taken, s.settled, s.settled_time
    FROM headroom.gateway_spool AS s
    WHERE s.spool = $1
        AND s.settled < $2::bigint
    FOR UPDATE
),
moved AS (
    UPDATE headroom.gateway_spool AS s
    SET settled = $2::bigint,
        settled_time = $3::timestamptz
    FROM spool
    WHERE s.spool = spool.spool
)
INSERT INTO headroom.gateway_hole (spool, first_number, last_number, starts_at, ends_at)
SELECT
    spool.spool, lower(part.numbers), upper(part.numbers) - 1,
    least(coalesce(spool.settled_time, $3::timestamptz), $3::timestamptz),
    greatest(coalesce(spool.settled_time, $3::timestamptz), $3::timestamptz)
FROM spool
CROSS JOIN LATERAL unnest(
    int8multirange(int8range(spool.settled + 1, $2::bigint, '[]')) - spool.taken) AS part (numbers)
ON CONFLICT DO NOTHING
RETURNING first_number, last_number;
