-- SPDX-License-Identifier: MIT
-- ?1 the gap that is a note by now.
UPDATE spool SET gap = ?1;
