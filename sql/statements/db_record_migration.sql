-- SPDX-License-Identifier: MIT
-- Records a migration as applied. $1 version (int), $2 name (text), $3 sha256 (hex text), $4 program (text).
INSERT INTO headroom.migration (version, name, sha256, applied_at, applied_by, program)
VALUES ($1::integer, $2::text, decode($3::text, 'hex'), clock_timestamp(), session_user, $4::text);
