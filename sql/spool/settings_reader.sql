-- SPDX-License-Identifier: MIT
-- A reader's connection.
PRAGMA query_only = 1;
PRAGMA wal_autocheckpoint = 0;
