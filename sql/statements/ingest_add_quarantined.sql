-- SPDX-License-Identifier: MIT
-- Keeps a line that could not be read, once for each place.
-- $1 batch_id bigint; $2 place bytea; $3 file; $4 line bigint; $5 reason; $6 field (null: the whole line); $7 message;
-- $8 raw bytea, masked and cut; $9 raw_size bigint.
INSERT INTO headroom.quarantine (batch_id, place, file, line, reason, field, message, raw, raw_size)
VALUES ($1::bigint, $2::bytea, $3::text, $4::bigint, $5::text, $6::text, $7::text, $8::bytea, $9::bigint)
ON CONFLICT (place) DO NOTHING;
