-- SPDX-License-Identifier: MIT
-- What the links stand for that a month rests on: the contract's terms, its seals of the month and their reopenings,
-- the batches whose lines may lie in the month or that taught who has its handles, and what became of these batches;
-- with the vendor's side also the vendor's documents of the month, what was decided of them, and the vendor's lists.
-- $1 contract_id bigint; $2 month date; $3 boolean: with the vendor's side. Columns: seq; content: JSON text, on one
-- line.
WITH batch AS MATERIALIZED (
    SELECT e.batch_id FROM headroom.evidence_batches($1::bigint, $2::date) AS e
    UNION
    SELECT f.batch_id FROM headroom.evidence_facts($1::bigint, $2::date) AS f
)
SELECT l.seq, f.content
FROM headroom.chain AS l
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN l.kind IN ('batch', 'identities') THEN headroom.batch_form(l.subject_id)
        WHEN l.kind IN ('void', 'restore', 'withdrawal') THEN headroom.change_form(l.subject_id)
        WHEN l.kind = 'terms' THEN headroom.term_form(l.subject_id)
        WHEN l.kind = 'close' THEN headroom.seal_form(l.subject_id)
        WHEN l.kind = 'reopen' THEN headroom.reopening_form(l.subject_id)
        WHEN l.kind = 'invoice' THEN headroom.invoice_form(l.subject_id)
        WHEN l.kind = 'invoice-status' THEN headroom.invoice_decision_form(l.subject_id)
        WHEN l.kind = 'invoice-handles' THEN headroom.invoice_list_form(l.subject_id)
    END AS content
) AS f
WHERE (l.kind IN ('batch', 'identities') AND l.subject_id IN (SELECT b.batch_id FROM batch AS b))
    OR (l.kind IN ('void', 'restore', 'withdrawal')
        AND l.subject_id IN (
            SELECT c.change_id
            FROM headroom.batch_change AS c
            WHERE c.batch_id IN (SELECT b.batch_id FROM batch AS b)))
    OR (l.kind = 'terms'
        AND l.subject_id IN (SELECT t.term_id FROM headroom.term AS t WHERE t.contract_id = $1::bigint))
    OR (l.kind IN ('close', 'reopen')
        AND l.subject_id IN (
            SELECT s.seal_id FROM headroom.seal AS s WHERE s.contract_id = $1::bigint AND s.month = $2::date))
    OR ($3::boolean AND l.kind = 'invoice'
        AND l.subject_id IN (
            SELECT i.invoice_id FROM headroom.invoice AS i WHERE i.contract_id = $1::bigint AND i.month = $2::date))
    OR ($3::boolean AND l.kind = 'invoice-status'
        AND l.subject_id IN (
            SELECT d.decision_id
            FROM headroom.invoice_decision AS d
            JOIN headroom.invoice AS i USING (invoice_id)
            WHERE i.contract_id = $1::bigint AND i.month = $2::date))
    OR ($3::boolean AND l.kind = 'invoice-handles'
        AND l.subject_id IN (
            SELECT v.list_id FROM headroom.invoice_list AS v WHERE v.contract_id = $1::bigint AND v.month = $2::date))
ORDER BY l.seq;
