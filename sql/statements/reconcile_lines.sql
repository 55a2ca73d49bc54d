-- SPDX-License-Identifier: MIT
-- The lines of the month's charge, for its overage under the terms in force for it.
-- $1 contract_id bigint; $2 month date; $3 overage bigint.
-- Columns: kind, description, units, unit_price, amount (text, with the currency's digits), from_unit, to_unit.
SELECT
    line.kind, line.description, line.units, line.unit_price, headroom.money(line.amount, term.currency) AS amount,
    line.from_unit, line.to_unit
FROM headroom.term_of($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.stated_lines($1::bigint, $2::date, $3::bigint) AS line
ORDER BY line.line;
