-- SPDX-License-Identifier: MIT
-- What the month would be under each of the counting rules.
-- $1 contract_id bigint; $2 month date.
-- Columns: see reconciliation.json.
SELECT
    spread.rule || CASE WHEN spread.rule = term.counting THEN ' (the contract''s)' ELSE '' END AS rule,
    spread.unique_handles,
    headroom.money(spread.charge, term.currency) AS charge,
    spread.difference,
    headroom.money(spread.charge_difference, term.currency) AS charge_difference,
    CASE WHEN spread.rule = term.counting THEN 'contract' ELSE 'other' END AS place
FROM headroom.stated_term($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.stated_spread(
    $1::bigint, $2::date, headroom.stated_rule_counts($1::bigint, $2::date)) AS spread;
