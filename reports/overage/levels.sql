-- SPDX-License-Identifier: MIT
-- What the last 12 months cost as agreed, and would have cost under each other commitment that the contract names.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see charge.json.
SELECT
    level.name,
    level.pricing,
    coalesce(level.unit_limit::text, 'no limit') AS unit_limit,
    headroom.money(level.fee, term.currency) AS fee,
    level.months,
    level.months_over,
    headroom.money(level.charge, term.currency) AS charge,
    headroom.money(level.fees, term.currency) AS fees,
    headroom.money(level.charge + level.fees, term.currency) AS cost,
    headroom.money(level.charge + level.fees - first_value(level.charge + level.fees) OVER (ORDER BY level.place),
        term.currency) AS difference
FROM headroom.compared_levels($1::bigint, $2::date, $3::timestamptz) AS level
CROSS JOIN headroom.stated_term($1::bigint, $2::date) AS term
ORDER BY level.place;
