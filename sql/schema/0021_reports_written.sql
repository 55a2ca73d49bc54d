-- SPDX-License-Identifier: MIT
-- Which reports were written: who has a file can ask what it is, and whether it is still as it was.

-- No link of the chain names a row: else each report would have another head of the chain than the one before, though
-- nothing was counted between them. A row is never changed. A small table (a reference table on Citus).
CREATE TABLE headroom.report_written (
    written_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    report         text COLLATE "C" NOT NULL CHECK (report <> ''),
    format         text COLLATE "C" NOT NULL CHECK (format <> ''),
    contract_id    bigint REFERENCES headroom.contract,          -- null: of no contract
    month          date CHECK (EXTRACT(DAY FROM month) = 1),     -- null: of no month
    parameters     text NOT NULL,              -- JSON: what else decides what stands in the file
    file           text COLLATE "C",           -- as it was named; null: standard output
    file_digest    bytea NOT NULL CHECK (octet_length(file_digest) = 32),  -- SHA-256 of its bytes
    file_size      bigint NOT NULL CHECK (file_size >= 0),
    chain_seq      bigint NOT NULL,            -- the chain's head in the report's snapshot
    chain_digest   bytea NOT NULL,
    state          text COLLATE "C",           -- of the month in it: open, over or closed; null: of no month
    unique_handles bigint,
    charge         numeric,
    currency       text COLLATE "C" REFERENCES headroom.currency,
    made_at        timestamptz NOT NULL,       -- the time that the report bears
    written_at     timestamptz NOT NULL,
    written_by     text NOT NULL,
    program        text NOT NULL,
    CHECK ((state IS NULL) = (unique_handles IS NULL)),
    CHECK ((charge IS NULL) = (currency IS NULL))
);

CREATE INDEX report_written_digest ON headroom.report_written (file_digest);
CREATE INDEX report_written_month ON headroom.report_written (contract_id, month, written_id);

GRANT INSERT ON headroom.report_written TO headroom_writer;
