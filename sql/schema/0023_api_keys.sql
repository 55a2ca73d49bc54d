-- SPDX-License-Identifier: MIT
-- Who may send events over HTTP. A small table (a reference table on Citus).

-- Of a key there is its digest alone: it is random, 256 bits, so nothing slower than SHA-256 is needed against
-- guessing.
CREATE TABLE headroom.api_key (
    key_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text COLLATE "C" NOT NULL CHECK (name <> ''),
    digest      bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    contract_id bigint REFERENCES headroom.contract,    -- null: of any contract
    added_at    timestamptz NOT NULL,
    added_by    text NOT NULL,
    revoked_at  timestamptz,
    revoked_by  text,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- The name of a key that was revoked may be given again.
CREATE UNIQUE INDEX api_key_in_force ON headroom.api_key (name) WHERE revoked_at IS NULL;

GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by) ON headroom.api_key TO headroom_writer;
REVOKE SELECT ON headroom.api_key FROM headroom_reader;
GRANT SELECT (key_id, name, contract_id, added_at, added_by, revoked_at, revoked_by)
ON headroom.api_key TO headroom_reader;
