-- SPDX-License-Identifier: MIT
-- The month's unique handles under each of the six counting rules, and what the month would cost under each.
-- $1 contract_id bigint; $2 month date; $3 spread bigint[]: the counts, as in month_status.
-- Columns: rule, unique_handles, difference bigint: to the rule of the terms; charge, charge_difference (text, with the
-- currency's digits).
SELECT
    spread.rule, spread.unique_handles, spread.difference,
    headroom.money(spread.charge, term.currency) AS charge,
    headroom.money(spread.charge_difference, term.currency) AS charge_difference
FROM headroom.term_of($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.stated_spread($1::bigint, $2::date, $3::bigint[]) AS spread;
