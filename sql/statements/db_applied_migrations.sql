-- SPDX-License-Identifier: MIT
-- The migrations that were applied. Columns: version, name, sha256 (hex), program.
SELECT m.version, m.name, encode(m.sha256, 'hex') AS sha256, m.program
FROM headroom.migration AS m
ORDER BY m.version;
