-- SPDX-License-Identifier: MIT
-- Opens a transaction.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
