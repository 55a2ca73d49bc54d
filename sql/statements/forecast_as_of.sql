-- SPDX-License-Identifier: MIT
-- The instant up to which a forecast is asked for, and the billing month that it lies in.
-- $1 contract_id bigint; $2 as_of timestamptz, or null; $3 else a date: its start in the zone of the terms in force for
-- its calendar month.
-- Columns: as_of (microseconds); month (its first day; null: the contract does not cover that instant).
WITH asked AS (
    SELECT coalesce(
        $2::timestamptz,
        headroom.day_start(
            (headroom.term_of($1::bigint, date_trunc('month', $3::date)::date)).time_zone, $3::date)) AS as_of
)
SELECT
    headroom.epoch_us(asked.as_of) AS as_of,
    to_char(headroom.month_at($1::bigint, asked.as_of), 'YYYY-MM-DD') AS month
FROM asked;
