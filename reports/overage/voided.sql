-- SPDX-License-Identifier: MIT
-- The batches of the month that were taken back; of a closed month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see not_counted.json.
WITH stated AS MATERIALIZED (
    SELECT until.seq, headroom.batches_after(until.seq) AS later
    FROM (SELECT headroom.stated_until($1::bigint, $2::date) AS seq) AS until
)
SELECT
    batch.batch_id,
    batch.file,
    coalesce((
        SELECT sum(daily.requests)
        FROM headroom.daily AS daily
        WHERE daily.contract_id = $1::bigint
            AND daily.month = $2::date
            AND daily.batch_id = batch.batch_id), 0) AS requests,
    voided.changed_at,
    voided.changed_by,
    voided.reason
FROM stated
CROSS JOIN LATERAL headroom.voided_until(stated.seq) AS voided
JOIN headroom.batch AS batch ON batch.batch_id = voided.batch_id
WHERE voided.action = 'void'
    AND batch.batch_id <> ALL (stated.later)
    AND batch.batch_id IN (SELECT touching.batch_id FROM headroom.month_batches($1::bigint, $2::date) AS touching)
ORDER BY batch.batch_id;
