-- SPDX-License-Identifier: MIT
-- The status of a contract's billing month; reads the maintained usage, never the events.
-- $1 contract_id bigint; $2 month date.
-- Columns: those of month_status, times as microseconds since the epoch.
SELECT
    contract, month, time_zone, state, rule, unique_handles, provisional, unit_limit, headroom, overage, charge,
    currency, requests, counted_requests, completeness, completeness_words, silent,
    headroom.epoch_us(period_start) AS period_start,
    headroom.epoch_us(period_end) AS period_end,
    headroom.epoch_us(as_of) AS as_of,
    headroom.epoch_us(data_until) AS data_until
FROM headroom.month_status($1::bigint, $2::date, now());
