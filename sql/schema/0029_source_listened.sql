-- SPDX-License-Identifier: MIT
-- How far event endpoints have listened, for data until.

-- An event endpoint knows that all it was sent is in the ledger, and not whether applications sent all: one that could
-- not reach it keeps events in a file. So its word is no source_until: it says how far a source has come, never that a
-- silence of the source is none, nor that a month is complete. A reference table on Citus.
CREATE TABLE headroom.source_listened (
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    source      text COLLATE "C" NOT NULL,
    listener    text COLLATE "C" NOT NULL,    -- host and address of the endpoint
    since       timestamptz NOT NULL,         -- it has listened without a break from here …
    until       timestamptz NOT NULL,         -- … to here, exclusive
    PRIMARY KEY (contract_id, source, listener)
);

GRANT INSERT, UPDATE (since, until) ON headroom.source_listened TO headroom_writer;
