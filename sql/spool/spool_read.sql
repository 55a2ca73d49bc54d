-- SPDX-License-Identifier: MIT
-- The id, and the last gap that is a note.
SELECT id, gap FROM spool;
