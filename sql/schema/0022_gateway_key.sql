-- SPDX-License-Identifier: MIT
-- The key of the digests that stand for tokens which name nobody: the same for every gateway of this database, so that
-- one token is one subject whichever it passed.

-- One row, for good: with another key the same token would count as another handle. Made by the server, in the
-- transaction that makes its table, so that two who run `init` at once can't make two: four random UUIDs are 488 random
-- bits, of which SHA-256 makes a key. Whoever knows it could tell whether a token that he has is one of those recorded,
-- so only the writer reads it. A small table (a reference table on Citus).
CREATE TABLE headroom.gateway_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);

INSERT INTO headroom.gateway_key (key)
SELECT sha256(string_agg(uuid_send(gen_random_uuid()), ''::bytea)) FROM generate_series(1, 4);

GRANT SELECT ON headroom.gateway_key TO headroom_writer;
REVOKE SELECT ON headroom.gateway_key FROM headroom_reader;
