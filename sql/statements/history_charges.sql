-- SPDX-License-Identifier: MIT
-- What a month would cost with each of some numbers of unique handles, in their order.
-- $1 contract_id bigint; $2 month date; $3 handles bigint[]; $4 limit bigint, null: that of the terms; $5 unit_price
-- numeric, null: the pricing of the terms.
-- Columns: amount (text, with the currency's digits); mean: of all of them, rounded once, the same in each row.
SELECT
    headroom.money(priced.charge, term.currency) AS amount,
    headroom.money(avg(priced.charge) OVER (), term.currency) AS mean
FROM headroom.term_of($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.charges($1::bigint, $2::date, $3::bigint[], $4::bigint, $5::numeric) AS priced
ORDER BY priced.place;
