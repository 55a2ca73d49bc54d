-- SPDX-License-Identifier: MIT
-- Waits until nobody else creates or upgrades the schema; the lock ends with the transaction. The number is no other's.
-- Column: pg_advisory_xact_lock (without a meaning).
SELECT pg_advisory_xact_lock(4711202610010001);
