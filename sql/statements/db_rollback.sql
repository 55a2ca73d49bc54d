-- SPDX-License-Identifier: MIT
-- Gives a transaction up.
ROLLBACK;
