-- SPDX-License-Identifier: MIT
-- The files with lines still in quarantine, by how they were read.
-- $1 file (with or without its folder), $2 reason: null for all; $3 first and $4 last batch that met them (bigint;
-- null: all). Columns: file, format, scope, header (the last two null where they are not known), lines.
SELECT file, format, scope, header, count(*) AS lines
FROM headroom.quarantined_lines(NULL, $1::text, $2::text, $3::bigint, $4::bigint, false)
GROUP BY file, format, scope, header
ORDER BY min(quarantine_id);
