-- SPDX-License-Identifier: MIT
-- The status of a contract's billing month; reads the maintained usage, never the events.
-- $1 contract_id bigint; $2 month date.
-- Columns: those of month_status, times as microseconds since the epoch.
SELECT
    contract, month, time_zone, state, rule, unique_handles, provisional, unit_limit, headroom, overage, charge,
    currency, requests, counted_requests, completeness,
    (EXTRACT(EPOCH FROM period_start) * 1000000)::bigint AS period_start,
    (EXTRACT(EPOCH FROM period_end) * 1000000)::bigint AS period_end,
    (EXTRACT(EPOCH FROM as_of) * 1000000)::bigint AS as_of,
    (EXTRACT(EPOCH FROM data_until) * 1000000)::bigint AS data_until
FROM headroom.month_status($1::bigint, $2::date, now());
