-- SPDX-License-Identifier: MIT
-- From the overage to the charge, step by step, as it is and with one handle more. One row.
-- $1 contract_id bigint; $2 month date.
-- Columns: see charge.json.
WITH month AS MATERIALIZED (
    SELECT
        term,
        term.currency,
        term.tolerance_units,
        term.tolerance_cliff,
        used.unique_handles,
        used.overage,
        used.charge,
        greatest(used.unique_handles + 1 - coalesce(used.unit_limit, used.unique_handles + 1), 0) AS next_overage,
        headroom.stated_charge($1::bigint, $2::date, used.unique_handles + 1) AS next_charge
    FROM headroom.stated_term($1::bigint, $2::date) AS term
    CROSS JOIN headroom.stated_use($1::bigint, $2::date) AS used
),
line AS MATERIALIZED (
    SELECT l.* FROM month CROSS JOIN LATERAL headroom.term_charge_lines(month.term, ARRAY[month.overage]) AS l
)
SELECT
    month.unique_handles,
    month.overage,
    headroom.charged_units(month.overage, month.tolerance_units, month.tolerance_cliff) AS units_charged,
    (SELECT count(*) FROM headroom.term_brackets(month.term, month.overage)) AS prices,
    headroom.money(line.brackets, month.currency) AS brackets,
    headroom.money(line.amounts, month.currency) AS amounts,
    headroom.money(line.fees, month.currency) AS fees,
    headroom.money(line.minimum, month.currency) AS minimum_adds,
    headroom.money(line.cap, month.currency) AS cap_takes,
    headroom.money(month.charge, month.currency) AS charge,
    month.next_overage,
    headroom.charged_units(month.next_overage, month.tolerance_units, month.tolerance_cliff) AS next_units,
    headroom.money((
        SELECT coalesce(sum(n.amount), 0)
        FROM headroom.term_charge_lines(month.term, ARRAY[month.next_overage]) AS n
        WHERE n.kind IN ('tier', 'flat_fee')), month.currency) AS next_brackets,
    headroom.money(month.next_charge, month.currency) AS next_charge,
    headroom.money(month.next_charge - month.charge, month.currency) AS marginal_price
FROM month
CROSS JOIN (
    SELECT
        coalesce(sum(l.amount) FILTER (WHERE l.kind IN ('tier', 'flat_fee')), 0) AS brackets,
        coalesce(sum(l.amount) FILTER (WHERE l.kind = 'tier'), 0) AS amounts,
        coalesce(sum(l.amount) FILTER (WHERE l.kind = 'flat_fee'), 0) AS fees,
        coalesce(sum(l.amount) FILTER (WHERE l.kind = 'minimum'), 0) AS minimum,
        coalesce(sum(l.amount) FILTER (WHERE l.kind = 'cap'), 0) AS cap
    FROM line AS l
) AS line;
