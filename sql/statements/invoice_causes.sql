-- SPDX-License-Identifier: MIT
-- What could make the difference between the vendor's figures of a month and ours, and what makes it: candidates by how
-- much they reach, then the price difference, the adjustments that our close carried, and what no candidate reaches.
-- $1 contract_id bigint; $2 month date.
-- Columns: cause; kind; description; endless boolean; reach, explains bigint; amount (exact text); alone, exactly
-- boolean: as in struct invoice_cause.
WITH checked AS MATERIALIZED (
    SELECT c.*, sign(c.handles_difference)::integer AS direction, abs(c.handles_difference) AS size
    FROM headroom.invoice_check($1::bigint, $2::date, now()) AS c
    WHERE c.documents > 0
),
candidate AS MATERIALIZED (
    SELECT
        a.cause,
        a.of_kind,
        a.description,
        a.exactly,
        c.size,
        c.direction,
        CASE c.direction WHEN 1 THEN a.most ELSE -a.fewest END IS NULL AS endless,
        coalesce(CASE c.direction WHEN 1 THEN a.most ELSE -a.fewest END, c.size) AS reach
    FROM checked AS c
    CROSS JOIN LATERAL headroom.invoice_causes($1::bigint, $2::date, now()) AS a
    WHERE c.direction <> 0
),
-- Of one kind only the one that reaches furthest, for nothing but what is left is sought here. What changes the count
-- by exactly more than the difference is not what made it.
furthest AS (
    SELECT coalesce(sum(k.reach), 0)::bigint AS reach
    FROM (
        SELECT max(a.reach) AS reach
        FROM candidate AS a
        WHERE NOT (a.exactly AND a.reach > a.size)
        GROUP BY a.of_kind
    ) AS k
),
found AS (
    SELECT
        1 AS place, a.cause, a.of_kind AS kind, a.description, a.endless, a.reach,
        (a.direction * CASE WHEN a.exactly THEN a.reach ELSE least(a.reach, a.size) END)::bigint AS explains,
        NULL::numeric AS amount, a.reach = a.size OR (a.reach > a.size AND NOT a.exactly) AS alone,
        a.exactly AND a.reach = a.size AS exactly
    FROM candidate AS a
    WHERE a.reach > 0
    UNION ALL
    SELECT
        2, 'price difference', 'price', 'their amount against our price of their own count', false, 0, 0,
        c.price_amount, c.handles_difference = 0, true
    FROM checked AS c
    WHERE c.price_amount <> 0
    UNION ALL
    SELECT
        3, 'adjustments', 'adjustments', 'carried by our close of this month from earlier ones', false, 0, 0,
        c.adjustment, c.amount_difference = c.adjustment, c.amount_difference = c.adjustment
    FROM checked AS c
    WHERE c.adjustment <> 0
    UNION ALL
    SELECT
        4, 'unexplained', 'unexplained', 'no candidate reaches so far', false, 0,
        (c.direction * (c.size - f.reach))::bigint, NULL, false, false
    FROM checked AS c
    CROSS JOIN furthest AS f
    WHERE c.size > f.reach
)
SELECT
    f.cause,
    f.kind,
    f.description,
    f.endless,
    f.reach,
    f.explains,
    headroom.money(
        coalesce(
            f.amount,
            headroom.stated_charge($1::bigint, $2::date, greatest(c.unique_handles + f.explains, 0)) - c.charge),
        c.currency) AS amount,
    f.alone,
    f.exactly
FROM found AS f
CROSS JOIN checked AS c
ORDER BY f.place, f.exactly DESC, f.alone DESC, f.reach DESC, f.cause, f.description;
