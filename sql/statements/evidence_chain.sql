-- SPDX-License-Identifier: MIT
-- Every link of the chain in its order.
-- Columns: seq, kind, subject_id, content_digest, previous_digest (hex), linked_us, digest (hex).
SELECT
    l.seq,
    l.kind,
    l.subject_id,
    encode(l.content_digest, 'hex') AS content_digest,
    encode(l.previous_digest, 'hex') AS previous_digest,
    headroom.epoch_us(l.linked_at) AS linked_us,
    encode(l.digest, 'hex') AS digest
FROM headroom.chain AS l
ORDER BY l.seq;
