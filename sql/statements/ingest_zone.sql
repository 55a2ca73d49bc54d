-- SPDX-License-Identifier: MIT
-- The offsets of a time zone, from before the first event that can be to years ahead of the longest run.
-- $1 zone text.
-- Columns: starts_us: from when on (microseconds since the epoch, bigint), ahead_us: of UTC (microseconds, bigint).
SELECT
    (EXTRACT(EPOCH FROM o.starts_at) * 1000000)::bigint AS starts_us,
    (EXTRACT(EPOCH FROM o.ahead) * 1000000)::bigint AS ahead_us
FROM headroom.zone_offsets($1, '2005-12-01Z', clock_timestamp() + INTERVAL '10 years') AS o
ORDER BY o.starts_at;
