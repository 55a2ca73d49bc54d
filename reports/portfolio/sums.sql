-- SPDX-License-Identifier: MIT
-- Money by currency.
-- $1 contracts jsonb; $2 now timestamptz.
-- Columns: see layout.json.
SELECT
    p.currency,
    count(*) AS contracts,
    headroom.money(sum(p.charge::numeric), p.currency) AS charge,
    headroom.money(coalesce(sum(p.expected_charge::numeric), 0), p.currency) AS expected_charge,
    sum(p.disputes) AS disputes
FROM headroom.portfolio($1::jsonb, $2::timestamptz) AS p
GROUP BY p.currency
ORDER BY p.currency;
