-- SPDX-License-Identifier: MIT
-- The charge through the brackets of the terms, as it is, and with one handle more.
-- $1 contract_id bigint; $2 month date.
-- Columns: see charge.json.
WITH term AS MATERIALIZED (
    SELECT
        term,
        term.currency,
        used.overage,
        greatest(used.unique_handles + 1 - coalesce(used.unit_limit, used.unique_handles + 1), 0) AS next_overage
    FROM headroom.stated_term($1::bigint, $2::date) AS term
    CROSS JOIN headroom.stated_use($1::bigint, $2::date) AS used
)
SELECT
    'Bracket ' || b.tier AS bracket,
    b.from_unit,
    b.to_unit,
    b.units,
    headroom.price_text(b.unit_price, term.currency) AS unit_price,
    headroom.money(b.amount, term.currency) AS amount,
    headroom.money(b.fee, term.currency) AS fee,
    next.to_unit AS next_to,
    next.units AS next_units,
    headroom.money(next.amount + next.fee, term.currency) AS next_amount
FROM term
CROSS JOIN LATERAL headroom.term_brackets(term.term, term.overage) AS b
JOIN LATERAL headroom.term_brackets(term.term, term.next_overage) AS next USING (tier)
ORDER BY b.tier;
