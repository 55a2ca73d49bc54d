-- SPDX-License-Identifier: MIT
-- Adds an API key.
-- $1 name; $2 digest, SHA-256 of the key in hex digits; $3 contract_id bigint, null: of any; $4 added_by.
INSERT INTO headroom.api_key (name, digest, contract_id, added_at, added_by)
VALUES ($1::text, decode($2::text, 'hex'), $3::bigint, clock_timestamp(), $4::text);
