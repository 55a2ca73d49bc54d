-- SPDX-License-Identifier: MIT
-- Undoes what was done since the latest mark, and keeps the mark.
ROLLBACK TO SAVEPOINT headroom;
