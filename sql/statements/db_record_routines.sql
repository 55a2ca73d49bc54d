-- SPDX-License-Identifier: MIT
-- Records which set of routines the schema has. $1 sha256 (hex text), $2 program (text).
INSERT INTO headroom.routine_set (sha256, applied_at, applied_by, program)
VALUES (decode($1::text, 'hex'), clock_timestamp(), session_user, $2::text)
ON CONFLICT (one) DO UPDATE SET
    sha256 = excluded.sha256,
    applied_at = excluded.applied_at,
    applied_by = excluded.applied_by,
    program = excluded.program;
