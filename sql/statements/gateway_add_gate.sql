-- SPDX-License-Identifier: MIT
-- Keeps what the gate of a gateway decided.
-- $1 spool; $2 note bigint; $3 contract (null: none was named); $4 subject; $5 time timestamptz; $6 decision;
-- $7 limit, $8 unique_handles: bigint, null where they are not known.
INSERT INTO headroom.gateway_gate (
    spool, note, contract, subject, decided_at, decision, unit_limit, unique_handles)
VALUES ($1, $2::bigint, $3, $4, $5::timestamptz, $6, $7::bigint, $8::bigint)
ON CONFLICT (spool, note) DO NOTHING;
