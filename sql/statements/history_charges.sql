-- SPDX-License-Identifier: MIT
-- What a month would cost with each of some numbers of unique handles, in their order.
-- $1 contract_id bigint; $2 month date; $3 handles bigint[]; $4 limit bigint, null: that of the terms; $5 unit_price
-- numeric, null: the pricing of the terms; $6 how many of them, the first, the mean is of; one more at least is wanted.
-- Columns, a row for each of the others: amount (text, with the currency's digits); mean: rounded once, the same in
-- each row.
WITH priced AS MATERIALIZED (
    SELECT term.currency, c.place, c.charge
    FROM headroom.term_of($1::bigint, $2::date) AS term
    CROSS JOIN LATERAL headroom.charges($1::bigint, $2::date, $3::bigint[], $4::bigint, $5::numeric) AS c
),
mean AS MATERIALIZED (
    SELECT headroom.money(avg(p.charge), min(p.currency)) AS amount
    FROM priced AS p
    WHERE p.place <= $6::bigint
)
SELECT headroom.money(p.charge, p.currency) AS amount, m.amount AS mean
FROM priced AS p
CROSS JOIN mean AS m
WHERE p.place > $6::bigint
ORDER BY p.place;
