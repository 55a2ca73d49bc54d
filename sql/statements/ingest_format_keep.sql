-- SPDX-License-Identifier: MIT
-- Keeps a format of logs under a name, whatever was kept under it before.
-- $1 name; $2 mapping; $3 time zone or null; $4 who.
INSERT INTO headroom.log_format (name, mapping, assume_zone, kept_at, kept_by)
VALUES ($1, $2, $3, clock_timestamp(), $4)
ON CONFLICT (name) DO UPDATE
SET mapping = excluded.mapping, assume_zone = excluded.assume_zone, kept_at = excluded.kept_at,
    kept_by = excluded.kept_by;
