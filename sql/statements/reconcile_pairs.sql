-- SPDX-License-Identifier: MIT
-- The events that share source and id with another time, subject or class, as pairs; those with two owners first.
-- $1 contract_id bigint; $2 month date.
-- Columns: source, event_id; of both events the time (microseconds), subject, class and batch; resolved.
SELECT
    source, event_id,
    headroom.epoch_us(earlier_at) AS earlier_at, earlier_subject, earlier_class, earlier_batch,
    headroom.epoch_us(later_at) AS later_at, later_subject, later_class, later_batch, resolved
FROM headroom.id_pairs($1::bigint, $2::date)
ORDER BY resolved, earlier_at, source, event_id, earlier_subject, later_at, later_subject;
