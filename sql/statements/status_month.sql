-- SPDX-License-Identifier: MIT
-- The status of a contract's billing month; reads the maintained usage, never the events.
-- $1 contract_id bigint; $2 month date.
-- Columns: those of month_status, times as microseconds since the epoch; low_days with commas between them, for a
-- person in low_days_words, both null where there is none; low_day_count.
SELECT
    contract, month, time_zone, state, rule, unique_handles, provisional, unit_limit, headroom, overage, charge,
    currency, requests, counted_requests, completeness, completeness_words, silent, spread,
    nullif(array_to_string(low_days, ','), '') AS low_days,
    headroom.days_text(low_days) AS low_days_words,
    coalesce(cardinality(low_days), 0) AS low_day_count,
    headroom.epoch_us(period_start) AS period_start,
    headroom.epoch_us(period_end) AS period_end,
    headroom.epoch_us(as_of) AS as_of,
    headroom.epoch_us(data_until) AS data_until
FROM headroom.month_status($1::bigint, $2::date, now());
