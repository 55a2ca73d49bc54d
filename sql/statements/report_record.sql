-- SPDX-License-Identifier: MIT
-- Puts a report that was written on record.
-- $1 report; $2 format; $3 contract_id bigint (null: of no contract); $4 month date (null: of no month); $5 parameters,
-- JSON; $6 file (null: standard output); $7 SHA-256 of its bytes, hex; $8 their number; $9 chain_seq bigint and $10
-- chain_digest, hex: the head in its snapshot; of a month $11 state, $12 unique_handles bigint, $13 charge numeric,
-- $14 currency; $15 made_at; $16 who; $17 program.
INSERT INTO headroom.report_written (
    report, format, contract_id, month, parameters, file, file_digest, file_size, chain_seq, chain_digest, state,
    unique_handles, charge, currency, made_at, written_at, written_by, program)
VALUES (
    $1, $2, $3::bigint, $4::date, $5, $6, decode($7, 'hex'), $8::bigint, $9::bigint, decode($10, 'hex'), $11,
    $12::bigint, $13::numeric, $14, $15::timestamptz, clock_timestamp(), $16, $17);
