-- SPDX-License-Identifier: MIT
-- The price brackets of the terms, and two rows more for those of a what-if. A price keeps all its digits, and has at
-- least those of the currency. The what-if is the contract at first.
-- $1 contract_id bigint; $2 month date.
-- Columns: see inputs.json.
WITH term AS MATERIALIZED (
    SELECT term, term.currency, used.overage
    FROM headroom.stated_term($1::bigint, $2::date) AS term
    CROSS JOIN headroom.stated_use($1::bigint, $2::date) AS used
),
bracket AS MATERIALIZED (
    SELECT b.*
    FROM term
    CROSS JOIN LATERAL headroom.term_brackets(term.term, term.overage) AS b
)
SELECT
    'Bracket ' || number AS bracket,
    b.from_unit,
    b.up_to,
    headroom.price_text(b.unit_price, term.currency) AS unit_price,
    headroom.price_text(coalesce(b.flat_fee, CASE WHEN b.tier IS NOT NULL THEN 0 END), term.currency) AS flat_fee,
    b.up_to AS if_up_to,
    headroom.price_text(b.unit_price, term.currency) AS if_price,
    headroom.price_text(coalesce(b.flat_fee, CASE WHEN b.tier IS NOT NULL THEN 0 END), term.currency) AS if_fee,
    coalesce(b.from_unit, 0) AS line_from,
    coalesce(b.to_unit, 0) AS line_to,
    coalesce(b.units, 0) AS line_units,
    headroom.price_text(coalesce(b.unit_price, 0), term.currency) AS line_price,
    headroom.money(coalesce(b.amount, 0), term.currency) AS line_amount,
    headroom.money(coalesce(b.fee, 0), term.currency) AS line_fee
FROM term
CROSS JOIN generate_series(1, (SELECT count(*) FROM bracket) + 2) AS number
LEFT JOIN bracket AS b ON b.tier = number
ORDER BY number;
