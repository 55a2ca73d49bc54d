-- SPDX-License-Identifier: MIT
-- What hangs on no link of the chain, or on more than one: put in by hand.
-- Columns: what: 'batch', 'terms', 'change', 'version' (a contract's), 'close', 'reopen', 'owners' (of a seal),
-- 'invoice', 'invoice-status', 'invoice-handles', 'quarantine', 'twice'; batch_id (0: none); subject_id: the batch,
-- the terms, the change, the version, the seal, the invoice, what was decided of one, the vendor's list, the
-- quarantined lines' batch, or what two links are about; seq: of the last link, for 'twice'; rows: how many; said:
-- of quarantined lines, how many the batch has (null: no such batch).
WITH link AS (
    SELECT
        l.seq,
        l.subject_id,
        CASE
            WHEN l.kind IN ('batch', 'identities') THEN 'batch'
            WHEN l.kind IN ('void', 'restore', 'withdrawal') THEN 'change'
            ELSE l.kind
        END AS about
    FROM headroom.chain AS l
),
-- All that must hang on a link.
thing (what, about, batch_id, subject_id, rows) AS (
    SELECT 'batch', 'batch', b.batch_id, b.batch_id, b.added FROM headroom.batch AS b
    UNION ALL
    SELECT 'terms', 'terms', 0, t.term_id, 1 FROM headroom.term AS t
    UNION ALL
    SELECT 'change', 'change', c.batch_id, c.change_id, 1 FROM headroom.batch_change AS c
    UNION ALL
    SELECT 'version', 'contract', 0, v.version_id, 1 FROM headroom.contract_version AS v
    UNION ALL
    SELECT 'close', 'close', 0, s.seal_id, 1 FROM headroom.seal AS s
    UNION ALL
    SELECT 'reopen', 'reopen', 0, r.seal_id, 1 FROM headroom.reopening AS r
    UNION ALL
    SELECT 'invoice', 'invoice', 0, i.invoice_id, 1 FROM headroom.invoice AS i
    UNION ALL
    SELECT 'invoice-status', 'invoice-status', 0, d.decision_id, 1 FROM headroom.invoice_decision AS d
    UNION ALL
    SELECT 'invoice-handles', 'invoice-handles', 0, h.list_id, 1
    FROM (
        SELECT v.list_id FROM headroom.invoice_list AS v
        UNION
        SELECT k.list_id FROM headroom.invoice_handle AS k
    ) AS h
)
SELECT t.what, t.batch_id, t.subject_id, 0::bigint AS seq, t.rows, NULL::bigint AS said
FROM thing AS t
WHERE NOT EXISTS (SELECT FROM link AS l WHERE l.about = t.about AND l.subject_id = t.subject_id)
UNION ALL
SELECT 'owners', 0, o.seal_id, 0, count(*), NULL
FROM headroom.seal_owner AS o
WHERE NOT EXISTS (SELECT FROM headroom.seal AS s WHERE s.seal_id = o.seal_id)
GROUP BY o.seal_id
UNION ALL
SELECT 'quarantine', q.batch_id, q.batch_id, 0, q.lines, b.quarantined
FROM (
    SELECT k.batch_id, count(*) AS lines
    FROM headroom.quarantine AS k
    GROUP BY k.batch_id
) AS q
LEFT JOIN headroom.batch AS b ON b.batch_id = q.batch_id
WHERE b.batch_id IS NULL OR q.lines > b.quarantined
UNION ALL
SELECT 'twice', CASE WHEN l.about = 'batch' THEN l.subject_id ELSE 0 END, l.subject_id, max(l.seq), count(*), NULL
FROM link AS l
WHERE l.about IN (
    'batch', 'terms', 'change', 'contract', 'close', 'reopen', 'invoice', 'invoice-status', 'invoice-handles')
GROUP BY l.about, l.subject_id
HAVING count(*) > 1
ORDER BY what, batch_id, subject_id;
