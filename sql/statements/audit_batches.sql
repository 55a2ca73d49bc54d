-- SPDX-License-Identifier: MIT
-- The batches whose events and facts are read again, by id.
-- $1 bigint: only those whose link has this number or a later one; 0: all.
-- Columns: batch_id; read; added: events.
SELECT b.batch_id, b.read, CASE b.kind WHEN 'events' THEN b.added ELSE 0 END AS added
FROM headroom.batch AS b
WHERE $1::bigint = 0
    OR EXISTS (
        SELECT FROM headroom.chain AS l
        WHERE l.subject_id = b.batch_id AND l.kind IN ('batch', 'identities') AND l.seq >= $1::bigint)
ORDER BY b.batch_id;
