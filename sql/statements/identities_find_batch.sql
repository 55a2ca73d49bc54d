-- SPDX-License-Identifier: MIT
-- A batch that is to be withdrawn. $1 batch_id bigint.
-- Columns: kind; action (void or withdraw; null: in force), changed_by, changed_on (a date in UTC), reason. No row: there
-- is no such batch.
SELECT
    batch.kind, voided.action, voided.changed_by, voided.reason,
    to_char(voided.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS changed_on
FROM headroom.batch AS batch
LEFT JOIN headroom.voided_batch AS voided USING (batch_id)
WHERE batch.batch_id = $1::bigint;
