-- SPDX-License-Identifier: MIT
-- The batches of some ranges of numbers, with what took them back.
-- $1 first numbers, $2 last numbers (bigint[], as long as the first). A range that names one batch gives a row without
-- one where it is missing, and so does a longer one without any batch.
-- Columns: first_id, last_id (of the range), batch_id, kind, action (void or withdraw; null: in force), changed_by,
-- changed_on (a date in UTC), reason. In the order of batches, missing ones first.
SELECT
    range.first_id, range.last_id, batch.batch_id, batch.kind, voided.action, voided.changed_by, voided.reason,
    to_char(voided.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS changed_on
FROM unnest($1::bigint[], $2::bigint[]) AS range (first_id, last_id)
LEFT JOIN headroom.batch AS batch ON batch.batch_id BETWEEN range.first_id AND range.last_id
LEFT JOIN headroom.voided_batch AS voided ON voided.batch_id = batch.batch_id
ORDER BY batch.batch_id NULLS FIRST, range.first_id;
