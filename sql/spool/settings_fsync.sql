-- SPDX-License-Identifier: MIT
-- The writer's connection, --durability fsync: each commit waits until the log is on the disk.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 0;
PRAGMA temp_store = MEMORY;
