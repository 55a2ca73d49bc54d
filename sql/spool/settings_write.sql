-- SPDX-License-Identifier: MIT
-- The writer's connection, --durability write: a commit is with the operating system. Only checkpoints wait for the
-- disk, so that a loss of power takes away the last commits, and never breaks the database (as synchronous = OFF may).
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 0;
PRAGMA temp_store = MEMORY;
