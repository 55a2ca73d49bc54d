-- SPDX-License-Identifier: MIT
-- The staging table of events, empty at the end of every transaction.
CREATE TEMPORARY TABLE staged_event (LIKE headroom.event) ON COMMIT DELETE ROWS;
