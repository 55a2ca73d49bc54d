-- SPDX-License-Identifier: MIT
-- The counted handles of a billing month with their evidence, under the rule of the terms in force.
-- $1 contract_id bigint; $2 month date; $3 since timestamptz (null: the whole month); $4 since date, in the contract's
-- zone (null: none); $5 new boolean: since is asked of first_seen instead of last_seen, and the list is in that order.
-- Columns: subject, user_id, handle, provisional, first_seen, last_seen (microseconds), requests, counted_requests,
-- label, first_source, first_id, first_batch.
WITH since AS (
    SELECT coalesce($3::timestamptz, headroom.day_start(term.time_zone, $4::date), '-infinity') AS at
    FROM headroom.period($1::bigint, $2::date) AS period
    JOIN headroom.term AS term ON term.term_id = period.term_id
)
SELECT
    counted.subject, counted.user_id, counted.handle, counted.provisional,
    headroom.epoch_us(counted.first_seen) AS first_seen, headroom.epoch_us(counted.last_seen) AS last_seen,
    counted.requests, counted.counted_requests, counted.label, counted.first_source, counted.first_id,
    counted.first_batch
FROM since
CROSS JOIN headroom.month_owners($1::bigint, $2::date) AS counted
WHERE CASE WHEN $5::boolean THEN counted.first_seen ELSE counted.last_seen END >= since.at
ORDER BY
    CASE WHEN $5::boolean THEN counted.first_seen END, counted.handle COLLATE "C", counted.subject COLLATE "C",
    counted.user_id COLLATE "C";
