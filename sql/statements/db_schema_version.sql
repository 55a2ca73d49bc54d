-- SPDX-License-Identifier: MIT
-- What schema the database has; fails where it has none.
-- Columns: installed (newest migration), routines (SHA-256 of the routines, hex), program (that wrote them).
SELECT
    (SELECT coalesce(max(m.version), 0) FROM headroom.migration AS m) AS installed,
    encode(r.sha256, 'hex') AS routines,
    r.program
FROM headroom.routine_set AS r;
