-- SPDX-License-Identifier: MIT
-- A batch with its totals.
-- $1 batch_id bigint; $2 file; $3 format; $4 first_line, $5 last_line bigint; $6 first_byte, $7 end_byte bigint;
-- $8 read, $9 added, $10 duplicate, $11 quarantined bigint; $12 events_digest, $13 facts_digest bytea;
-- $14 loaded_at timestamptz; $15 loaded_by; $16 program.
INSERT INTO headroom.batch (
    batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
    events_digest, facts_digest, loaded_at, loaded_by, program)
VALUES (
    $1::bigint, 'events', $2::text, $3::text, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::bigint, $9::bigint,
    $10::bigint, $11::bigint, $12::bytea, $13::bytea, $14::timestamptz, $15::text, $16::text);
