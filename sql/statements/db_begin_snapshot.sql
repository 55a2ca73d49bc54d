-- SPDX-License-Identifier: MIT
-- Opens a transaction whose statements all see the same state.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
