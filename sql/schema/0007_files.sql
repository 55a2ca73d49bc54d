-- SPDX-License-Identifier: MIT
-- How far each file was taken in, how its lines are read, and when its sources spoke. Small tables (reference tables on
-- Citus).

-- The part of a file that a batch took in. The batches of one file and scope follow one another: each begins with the
-- content's digest with which the one before ended (or at its open_byte), and the first at byte 0.
CREATE TABLE headroom.batch_file (
    batch_id      bigint PRIMARY KEY REFERENCES headroom.batch,
    scope         text COLLATE "C" NOT NULL,  -- JSON text of the options that give lines another meaning
    device        bigint NOT NULL,
    inode         bigint NOT NULL,
    first_digest  bytea NOT NULL,             -- SHA-256 of the (decompressed) content from 0 to the batch's first_byte
    end_digest    bytea NOT NULL,             -- the same to its end_byte
    open_byte     bigint,                     -- where a record at its end begins that may go on when the file grows
    open_digest   bytea,                      -- SHA-256 of the content to there
    next_line     bigint NOT NULL,            -- number of the line at open_byte, or without one at end_byte
    nameless      boolean NOT NULL,           -- whether any line had no id of its own
    header        text,                       -- of CSV: its header line, masked
    CHECK ((open_byte IS NULL) = (open_digest IS NULL))
);

-- An inode is used again for other files: only the batches since the last times that one began are looked at.
CREATE INDEX batch_file_place ON headroom.batch_file (device, inode, batch_id);

CREATE INDEX batch_file_start ON headroom.batch_file (device, inode, batch_id)
WHERE first_digest = sha256('');

-- A log format that is native JSON lines or CSV with other names, or without a zone, kept under a name.
CREATE TABLE headroom.log_format (
    name        text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
    mapping     text NOT NULL,                -- "time=ts,user_id=uid", checked by the program
    assume_zone text,                         -- IANA name; null: a time without a zone is refused
    kept_at     timestamptz NOT NULL,
    kept_by     text NOT NULL
);

-- The hours (UTC) in which a source had events, by batch: rows are only ever inserted.
CREATE TABLE headroom.source_hours (
    batch_id    bigint NOT NULL REFERENCES headroom.batch,
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    source      text COLLATE "C" NOT NULL,
    day         date NOT NULL,                -- UTC
    hours       integer NOT NULL CHECK (hours BETWEEN 1 AND 16777215),  -- bit h: the hour from h:00; duplicates too
    PRIMARY KEY (contract_id, source, day, batch_id)
);

-- "Nothing more until T": who reads a source as it grows says so, also when it is idle. A row for each stretch without a
-- break, so that a later break takes nothing away from what was read before it.
CREATE TABLE headroom.source_until (
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    source      text COLLATE "C" NOT NULL,
    reader      text COLLATE "C" NOT NULL,    -- who says it: host and file of a follower, id of a gateway's spool
    since       timestamptz NOT NULL,         -- it has read without a break from here …
    until       timestamptz NOT NULL,         -- … to here, exclusive
    PRIMARY KEY (contract_id, source, reader, since)
);

GRANT INSERT ON headroom.batch_file, headroom.source_hours TO headroom_writer;
GRANT INSERT, UPDATE, DELETE ON headroom.log_format TO headroom_writer;
GRANT INSERT, UPDATE (until) ON headroom.source_until TO headroom_writer;
