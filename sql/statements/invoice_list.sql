-- SPDX-License-Identifier: MIT
-- The vendor's invoices and credits with what was decided of them, by contract, month, date and number.
-- $1 contract_id bigint (null: all); $2 'this', 'last' or the first day of a calendar month (null: all); $3 number
-- (null: all); $4 status (null: all).
-- Columns: contract; month as 2026-10; number; kind; date; dispute_until (null: no such day was agreed); handles
-- bigint; amount (exact text); currency; status; note, decided_at bigint (microseconds), decided_by: null while nothing
-- was decided; document, document_sha256 (hex): null without one; added_at bigint; added_by; late boolean: it is open,
-- and the last day to dispute it is over.
SELECT
    c.name AS contract,
    to_char(i.month, 'YYYY-MM') AS month,
    i.number,
    i.kind,
    i.invoice_date AS date,
    i.dispute_until,
    i.unique_handles AS handles,
    headroom.money(i.amount, i.currency) AS amount,
    i.currency,
    i.status,
    i.note,
    headroom.epoch_us(i.decided_at) AS decided_at,
    i.decided_by,
    i.document,
    encode(i.document_sha256, 'hex') AS document_sha256,
    headroom.epoch_us(i.added_at) AS added_at,
    i.added_by,
    coalesce(i.status = 'open' AND headroom.days_left(i.dispute_until, now()) < 0, false) AS late
FROM headroom.invoice_state AS i
JOIN headroom.contract AS c USING (contract_id)
WHERE ($1::bigint IS NULL OR i.contract_id = $1::bigint)
    AND ($2::text IS NULL
        OR i.month = CASE $2::text
            WHEN 'this' THEN headroom.current_month(i.contract_id, now())
            WHEN 'last' THEN headroom.last_over_month(i.contract_id, now())
            ELSE $2::date
        END)
    AND ($3::text IS NULL OR i.number = $3::text)
    AND ($4::text IS NULL OR i.status::text = $4::text)
ORDER BY c.name, i.month, i.invoice_date, i.number;
