-- SPDX-License-Identifier: MIT
-- The owners that a month counts, by the bytes of the owner, each with its first request and the line that holds it.
-- $1 contract_id bigint; $2 month date.
-- Columns: owner; handle (empty: none known); first_seen, last_seen (microseconds); requests, counted_requests; source,
-- id, batch, file; line (null: the event is gone).
SELECT
    o.owner,
    coalesce(o.handle, '') AS handle,
    headroom.epoch_us(o.first_seen) AS first_seen,
    headroom.epoch_us(o.last_seen) AS last_seen,
    o.requests,
    o.counted_requests,
    o.first_source AS source,
    o.first_id AS id,
    o.first_batch AS batch,
    b.file,
    e.position AS line
FROM headroom.month_owners($1::bigint, $2::date) AS o
LEFT JOIN headroom.batch AS b ON b.batch_id = o.first_batch
LEFT JOIN LATERAL (
    SELECT v.position
    FROM headroom.event AS v
    WHERE v.occurred_at = o.first_seen
        AND v.contract_id = $1::bigint
        AND v.source = o.first_source
        AND v.event_id = o.first_id
        AND v.subject = o.subject
        AND v.batch_id = o.first_batch
    ORDER BY v.position
    LIMIT 1
) AS e ON true
ORDER BY o.owner COLLATE "C";
