-- SPDX-License-Identifier: MIT
-- Writes something, to see whether that is possible.
UPDATE spool SET touched = touched + 1;
