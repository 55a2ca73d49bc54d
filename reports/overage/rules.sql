-- SPDX-License-Identifier: MIT
-- What the month would be under each of the counting rules.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    spread.rule || CASE WHEN spread.rule = status.rule THEN ' (the contract''s)' ELSE '' END AS rule,
    spread.unique_handles,
    headroom.money(spread.charge, status.currency) AS charge,
    spread.difference,
    headroom.money(spread.charge_difference, status.currency) AS charge_difference,
    CASE WHEN spread.rule = status.rule THEN 'contract' ELSE 'other' END AS place
FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
CROSS JOIN LATERAL headroom.stated_spread($1::bigint, $2::date, status.spread) AS spread;
