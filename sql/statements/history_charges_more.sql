-- SPDX-License-Identifier: MIT
-- What a month would cost with each of some numbers of unique handles, and with each of some others, on average.
-- $1 contract_id bigint; $2 month date; $3, $4 handles bigint[]; $5 limit bigint, null: that of the terms;
-- $6 unit_price numeric, null: the pricing of the terms.
-- Columns: few, more: the means over $3 and $4, each rounded once; difference: of these two. Texts with the currency's
-- digits.
SELECT
    mean.few,
    mean.more,
    headroom.money(mean.more::numeric - mean.few::numeric, mean.currency) AS difference
FROM (
    SELECT
        term.currency,
        headroom.money(
            (SELECT avg(c.charge)
            FROM headroom.charges($1::bigint, $2::date, $3::bigint[], $5::bigint, $6::numeric) AS c),
            term.currency) AS few,
        headroom.money(
            (SELECT avg(c.charge)
            FROM headroom.charges($1::bigint, $2::date, $4::bigint[], $5::bigint, $6::numeric) AS c),
            term.currency) AS more
    FROM headroom.term_of($1::bigint, $2::date) AS term
) AS mean;
