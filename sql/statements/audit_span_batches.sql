-- SPDX-License-Identifier: MIT
-- The batches of a span of ids, by id.
-- $1, $2 bigint: the first and the last id; $3 bigint: chosen are only those whose link has this number or a later one
-- (0: all).
-- Columns: batch_id; seq: of its link, 0 where it has none; chosen; file; first_line; last_line; read; added: events;
-- duplicate; loaded_us bigint; loaded_by; events_digest (hex).
SELECT
    b.batch_id,
    coalesce(l.seq, 0) AS seq,
    $3::bigint = 0 OR coalesce(l.seq, 0) >= $3::bigint AS chosen,
    b.file,
    b.first_line,
    b.last_line,
    b.read,
    CASE b.kind WHEN 'events' THEN b.added ELSE 0 END AS added,
    b.duplicate,
    (EXTRACT(EPOCH FROM b.loaded_at) * 1000000)::bigint AS loaded_us,
    b.loaded_by,
    encode(b.events_digest, 'hex') AS events_digest
FROM headroom.batch AS b
LEFT JOIN LATERAL (
    SELECT max(k.seq) AS seq
    FROM headroom.chain AS k
    WHERE k.subject_id = b.batch_id AND k.kind IN ('batch', 'identities')
) AS l ON true
WHERE b.batch_id BETWEEN $1::bigint AND $2::bigint
ORDER BY b.batch_id;
