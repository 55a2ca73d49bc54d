-- SPDX-License-Identifier: MIT
-- What closed months differ by today, of a closed month as far as its close carried it, else as the next close would.
-- $1 contract_id bigint; $2 month date.
-- Columns: see reconciliation.json.
SELECT
    to_char(a.month, 'YYYY-MM') AS month,
    a.unique_handles AS handles,
    headroom.money(a.amount, a.currency) AS amount,
    CASE WHEN seal.seal_id IS NULL THEN 'the next close would carry it' ELSE 'carried by the close of this month' END
        AS words,
    a.currency
FROM headroom.adjustments($1::bigint, $2::date) AS a
CROSS JOIN headroom.seal_of($1::bigint, $2::date) AS seal
ORDER BY a.month;
