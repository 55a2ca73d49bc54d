-- SPDX-License-Identifier: MIT
-- What could make the difference between the vendor's figures and ours, and what makes it.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    d.cause,
    CASE WHEN NOT d.endless AND d.kind NOT IN ('price', 'adjustments') THEN d.explains END AS handles,
    headroom.money(d.amount, d.currency) AS amount,
    CASE
        WHEN d.kind = 'unexplained' THEN 'not explained'
        WHEN d.kind = 'price' THEN 'certain'
        WHEN d.exactly THEN 'exactly the difference'
        WHEN d.alone THEN 'could be all of it'
        ELSE 'a part of it at most'
    END AS weight,
    d.description
FROM headroom.invoice_differences($1::bigint, $2::date, $3::timestamptz) AS d
ORDER BY d.place;
