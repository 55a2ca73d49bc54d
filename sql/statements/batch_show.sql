-- SPDX-License-Identifier: MIT
-- All that is known of one batch. $1 batch_id bigint.
-- Columns: as batch_list, and first_byte, end_byte, program, events_digest, facts_digest (hex), chain_link (its
-- number), link_digest (hex), scope, first_digest, end_digest (of the file's content up to the range and to its end,
-- hex; null where the file had no lasting place).
SELECT
    batch.batch_id AS batch,
    batch.kind,
    headroom.batch_state(voided.action) AS state,
    batch.file,
    batch.format,
    batch.first_line,
    batch.last_line,
    batch.first_byte,
    batch.end_byte,
    batch.read,
    batch.added,
    batch.duplicate,
    batch.quarantined,
    headroom.epoch_us(batch.loaded_at) AS loaded_at,
    batch.loaded_by,
    batch.program,
    encode(batch.events_digest, 'hex') AS events_digest,
    encode(batch.facts_digest, 'hex') AS facts_digest,
    link.seq AS chain_link,
    encode(link.digest, 'hex') AS link_digest,
    coalesce(part.scope, reading.scope) AS scope,
    encode(part.first_digest, 'hex') AS first_digest,
    encode(part.end_digest, 'hex') AS end_digest
FROM headroom.batch AS batch
LEFT JOIN headroom.chain AS link ON link.kind IN ('batch', 'identities') AND link.subject_id = batch.batch_id
LEFT JOIN headroom.batch_file AS part ON part.batch_id = batch.batch_id
LEFT JOIN headroom.batch_reading AS reading ON reading.batch_id = batch.batch_id
LEFT JOIN headroom.voided_batch AS voided ON voided.batch_id = batch.batch_id
WHERE batch.batch_id = $1::bigint;
