-- SPDX-License-Identifier: MIT
-- The lines of the month's charge, for its overage under the terms in force for it.
-- $1 contract_id bigint; $2 month date.
-- Columns: kind, description, units, unit_price, amount (text, with the currency's digits), from_unit, to_unit.
SELECT
    line.kind, line.description, line.units, line.unit_price, headroom.money(line.amount, status.currency) AS amount,
    line.from_unit, line.to_unit
FROM headroom.month_status($1::bigint, $2::date, now()) AS status
CROSS JOIN LATERAL headroom.charge_lines($1::bigint, $2::date, status.overage) AS line
ORDER BY line.line;
