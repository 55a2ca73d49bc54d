-- SPDX-License-Identifier: MIT
-- The status of a contract's billing month as it is counted now, closed or not.
-- $1 contract_id bigint; $2 month date.
-- Columns: as status_month.
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
FROM headroom.month_status_today($1::bigint, $2::date, now());
