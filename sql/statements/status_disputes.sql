-- SPDX-License-Identifier: MIT
-- The vendor's documents that wait for somebody, by month, date and number; see headroom.open_disputes.
-- $1 contract_id bigint; $2 month date: the last one that is asked for.
-- Columns: contract; month as 2026-10; number; kind; status; since bigint (microseconds): null unless it is disputed;
-- handles bigint, amount (exact text), currency: of the document; invoiced_handles, invoiced_amount: of all documents
-- of the month; unique_handles, charge: as the month was sealed, null where it is not closed; due: the last day to
-- dispute it, days_left: negative when that is over, both null where none was agreed. For a person: document;
-- since_day; theirs and ours: of the month; left_words. late boolean: it waits for a decision that is overdue.
SELECT
    c.name AS contract,
    to_char(d.month, 'YYYY-MM') AS month,
    d.number,
    d.kind,
    d.status,
    headroom.epoch_us(d.since) AS since,
    d.unique_handles AS handles,
    headroom.money(d.amount, d.currency) AS amount,
    d.currency,
    d.their_handles AS invoiced_handles,
    headroom.money(d.their_amount, d.currency) AS invoiced_amount,
    d.our_handles AS unique_handles,
    headroom.money(d.our_charge, d.currency) AS charge,
    d.dispute_until AS due,
    d.left_days AS days_left,
    concat_ws(' ', d.kind, d.number) AS document,
    (d.since AT TIME ZONE 'UTC')::date AS since_day,
    format('%s for %s %s', d.their_handles, headroom.money(d.their_amount, d.currency), d.currency)
        || CASE WHEN d.documents > 1 THEN format(' (%s documents)', d.documents) ELSE '' END AS theirs,
    CASE WHEN d.our_handles IS NOT NULL
        THEN format('%s for %s %s', d.our_handles, headroom.money(d.our_charge, d.currency), d.currency)
    END AS ours,
    CASE
        WHEN d.left_days = 0 THEN 'the last day'
        WHEN d.left_days > 0 THEN format('%s day%s left', d.left_days, CASE WHEN d.left_days > 1 THEN 's' END)
        WHEN d.status = 'open'
            THEN format('overdue for %s day%s', -d.left_days, CASE WHEN d.left_days < -1 THEN 's' END)
        WHEN headroom.days_left(d.dispute_until, d.since) < 0 THEN 'over, disputed too late'
        ELSE 'over, disputed in time'
    END AS left_words,
    coalesce(d.status = 'open' AND d.left_days < 0, false) AS late
FROM headroom.contract AS c
CROSS JOIN LATERAL headroom.open_disputes(c.contract_id, $2::date, now()) AS d
WHERE c.contract_id = $1::bigint
ORDER BY d.month, d.invoice_date, d.number;
