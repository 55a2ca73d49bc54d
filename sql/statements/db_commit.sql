-- SPDX-License-Identifier: MIT
-- Ends a transaction; the server answers ROLLBACK where a statement in it had failed.
COMMIT;
