-- SPDX-License-Identifier: MIT
-- A batch of identities with its totals.
-- $1 file; $2 format; $3 first_line, $4 last_line, $5 first_byte, $6 end_byte bigint; $7 added, $8 duplicate bigint;
-- $9 facts_digest (hex); $10 loaded_by; $11 program.
-- Column: batch_id.
INSERT INTO headroom.batch (
    kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined, events_digest,
    facts_digest, loaded_at, loaded_by, program)
VALUES (
    'identities', $1::text, $2::text, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7::bigint + $8::bigint,
    $7::bigint, $8::bigint, 0, sha256(''), decode($9::text, 'hex'), clock_timestamp(), $10::text, $11::text)
RETURNING batch_id;
