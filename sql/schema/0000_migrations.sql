-- SPDX-License-Identifier: MIT
-- What the schema itself keeps about its making. Applied first, as everything here by the role headroom_owner.

CREATE TABLE headroom.migration (
    version    integer PRIMARY KEY CHECK (version >= 0),
    name       text COLLATE "C" NOT NULL,
    sha256     bytea NOT NULL,                 -- of the migration's text
    applied_at timestamptz NOT NULL,
    applied_by text NOT NULL,
    program    text NOT NULL
);

-- Views and functions are replaced as a whole: one row says which set is there.
CREATE TABLE headroom.routine_set (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    sha256     bytea NOT NULL,                 -- of all their texts
    applied_at timestamptz NOT NULL,
    applied_by text NOT NULL,
    program    text NOT NULL
);

-- What comes later (views, partitions, tables of later migrations) is readable too, without a word in each file.
ALTER DEFAULT PRIVILEGES IN SCHEMA headroom GRANT SELECT ON TABLES TO headroom_reader, headroom_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA headroom GRANT SELECT ON SEQUENCES TO headroom_reader, headroom_writer;
