-- SPDX-License-Identifier: MIT
-- The vendor's documents of the month with what was decided of them last; a credit takes away.
-- $1 contract_id bigint; $2 month date.
-- Columns: see reconciliation.json.
SELECT
    i.number,
    signed.sign * i.unique_handles AS handles,
    headroom.money(signed.sign * i.amount, i.currency) AS amount,
    concat_ws(', ', i.kind, i.document) AS kind,
    i.note,
    i.invoice_date,
    i.status,
    i.dispute_until,
    i.currency
FROM headroom.invoice_state AS i
CROSS JOIN LATERAL (SELECT CASE i.kind WHEN 'credit' THEN -1 ELSE 1 END AS sign) AS signed
WHERE i.contract_id = $1::bigint
    AND i.month = $2::date
ORDER BY i.invoice_date, i.number COLLATE "C";
