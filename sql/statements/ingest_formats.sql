-- SPDX-License-Identifier: MIT
-- The formats of logs that were kept under a name, in the order of their names.
-- Columns: name, mapping, assume_zone (null: none), kept_us (microseconds since the epoch, bigint), kept_by.
SELECT
    f.name,
    f.mapping,
    f.assume_zone,
    (EXTRACT(EPOCH FROM f.kept_at) * 1000000)::bigint AS kept_us,
    f.kept_by
FROM headroom.log_format AS f
ORDER BY f.name;
