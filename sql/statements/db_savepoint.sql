-- SPDX-License-Identifier: MIT
-- Marks a place in a transaction; within another one it hides that.
SAVEPOINT headroom;
