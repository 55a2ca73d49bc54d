-- SPDX-License-Identifier: MIT
-- A new spool's tables (SQLite). Texts and their order are append-only, so that a commit writes few pages. An outcome
-- has a table of its own: written into its entry's row, it would make the row outgrow its page.
-- Parameters of statements: ?1 …, as each file says.
CREATE TABLE spool (
    id TEXT NOT NULL,                       -- 32 hex digits, random
    made_us INTEGER NOT NULL,
    gap INTEGER NOT NULL DEFAULT 0,         -- the last gap of the folder's state file that is a note by now
    touched INTEGER NOT NULL DEFAULT 0      -- counts attempts to write when nothing else had to be
);
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    intent TEXT NOT NULL
);
CREATE TABLE outcome (
    number INTEGER PRIMARY KEY,             -- the entry's
    outcome TEXT NOT NULL
);
-- Numbers with which nothing is left to do: drained, or never an entry. Ranges that touch are one, so that there are
-- few: the first of them ends at the number up to which all is drained.
CREATE TABLE drained (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
);
CREATE TABLE note (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    json TEXT NOT NULL,
    drained_age_us INTEGER                  -- NULL: not yet
);
-- When the spool had been open for age_us, everything up to number was drained. Counted in time that the spool was
-- open, so that no step of the clock throws anything away.
CREATE TABLE mark (
    age_us INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
);
PRAGMA application_id = 1212437328;
PRAGMA user_version = 1;
