-- SPDX-License-Identifier: MIT
-- The month's unique handles under each of the six counting rules, and what the month would cost under each.
-- $1 contract_id bigint; $2 month date.
-- Columns: rule, unique_handles bigint, charge (text, with the currency's digits).
SELECT
    spread.rule, spread.unique_handles,
    headroom.money(
        headroom.charge(
            $1::bigint, $2::date,
            greatest(spread.unique_handles - coalesce(month.unit_limit, spread.unique_handles), 0)),
        month.currency) AS charge
FROM headroom.spread($1::bigint, $2::date) AS spread
JOIN headroom.counting_rule AS counting_rule ON counting_rule.rule = spread.rule
CROSS JOIN (
    SELECT headroom.unit_limit($1::bigint, $2::date) AS unit_limit, term.currency
    FROM headroom.period($1::bigint, $2::date) AS period
    JOIN headroom.term AS term ON term.term_id = period.term_id
) AS month
ORDER BY counting_rule.place;
