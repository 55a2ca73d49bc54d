-- SPDX-License-Identifier: MIT
-- The days of a contract's billing calendar that touch a span of time, in order.
-- $1 contract_id bigint; $2 from, $3 to: microseconds since the epoch (bigint), both inclusive.
-- Columns: starts_us, ends_us (half-open, microseconds), month_days (days from 1970-01-01 to the month's first day),
-- bit (number of the day in the uncut period).
SELECT
    (EXTRACT(EPOCH FROM day.starts_at) * 1000000)::bigint AS starts_us,
    (EXTRACT(EPOCH FROM day.ends_at) * 1000000)::bigint AS ends_us,
    day.month - DATE '1970-01-01' AS month_days,
    day.day AS bit
FROM headroom.calendar(
    $1::bigint,
    TIMESTAMPTZ 'epoch' + $2::bigint * INTERVAL '1 microsecond',
    TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond') AS day
ORDER BY day.starts_at;
