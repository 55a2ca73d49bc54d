-- SPDX-License-Identifier: MIT
-- What the links stand for that a month rests on: the contract's terms, its seals of the month and their reopenings,
-- the vendor's documents of the month, what was decided of them, and the vendor's lists.
-- $1 contract_id bigint; $2 month date. Columns: seq; content: JSON text, on one line.
SELECT l.seq, f.content
FROM headroom.chain AS l
CROSS JOIN LATERAL (
    SELECT CASE l.kind
        WHEN 'terms' THEN headroom.term_form(l.subject_id)
        WHEN 'close' THEN headroom.seal_form(l.subject_id)
        WHEN 'reopen' THEN headroom.reopening_form(l.subject_id)
        WHEN 'invoice' THEN headroom.invoice_form(l.subject_id)
        WHEN 'invoice-status' THEN headroom.invoice_decision_form(l.subject_id)
        WHEN 'invoice-handles' THEN headroom.invoice_list_form(l.subject_id)
    END AS content
) AS f
WHERE (l.kind = 'terms'
        AND l.subject_id IN (SELECT t.term_id FROM headroom.term AS t WHERE t.contract_id = $1::bigint))
    OR (l.kind IN ('close', 'reopen')
        AND l.subject_id IN (
            SELECT s.seal_id FROM headroom.seal AS s WHERE s.contract_id = $1::bigint AND s.month = $2::date))
    OR (l.kind = 'invoice'
        AND l.subject_id IN (
            SELECT i.invoice_id FROM headroom.invoice AS i WHERE i.contract_id = $1::bigint AND i.month = $2::date))
    OR (l.kind = 'invoice-status'
        AND l.subject_id IN (
            SELECT d.decision_id
            FROM headroom.invoice_decision AS d
            JOIN headroom.invoice AS i USING (invoice_id)
            WHERE i.contract_id = $1::bigint AND i.month = $2::date))
    OR (l.kind = 'invoice-handles'
        AND l.subject_id IN (
            SELECT v.list_id FROM headroom.invoice_list AS v WHERE v.contract_id = $1::bigint AND v.month = $2::date))
ORDER BY l.seq;
