-- SPDX-License-Identifier: MIT
-- Before the first table of a new database.
PRAGMA page_size = 4096;
PRAGMA journal_mode = WAL;
