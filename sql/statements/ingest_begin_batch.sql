-- SPDX-License-Identifier: MIT
-- The number and the time of the next batch.
-- Columns: batch_id, loaded_at (text that a later parameter takes back).
SELECT
    nextval(pg_get_serial_sequence('headroom.batch', 'batch_id')) AS batch_id,
    clock_timestamp() AS loaded_at;
