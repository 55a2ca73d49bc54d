-- SPDX-License-Identifier: MIT
-- An owner that counts in a billing month, under the rule of the terms in force. No row where it does not.
-- $1 contract_id bigint; $2 month date; $3 owner.
-- Columns: user_id, handle (null: not known), subject, requests, counted_requests, last_seen_us, first_us,
-- first_source, first_id.
SELECT
    counted.user_id,
    counted.handle,
    counted.subject,
    counted.requests,
    counted.counted_requests,
    headroom.epoch_us(counted.last_seen) AS last_seen_us,
    headroom.epoch_us(counted.first_seen) AS first_us,
    counted.first_source,
    counted.first_id
FROM headroom.period($1::bigint, $2::date) AS period
JOIN headroom.term AS term ON term.term_id = period.term_id
CROSS JOIN LATERAL headroom.counted($1::bigint, $2::date, term.counting) AS counted
WHERE counted.owner = $3::text;
