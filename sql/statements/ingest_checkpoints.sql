-- SPDX-License-Identifier: MIT
-- The batches of a file, in the order of where they begin; of a file that was read from its start many times, those
-- since the fourth last time.
-- $1 device, $2 inode bigint; $3 scope.
-- Columns: batch_id, first_byte, end_byte, first_digest, end_digest (hex), open_byte, open_digest (null: none),
-- next_line, read, quarantined, nameless, loaded_at (RFC 3339), voided.
SELECT
    file.batch_id,
    batch.first_byte,
    batch.end_byte,
    encode(file.first_digest, 'hex') AS first_digest,
    encode(file.end_digest, 'hex') AS end_digest,
    file.open_byte,
    encode(file.open_digest, 'hex') AS open_digest,
    file.next_line,
    batch.read,
    batch.quarantined,
    file.nameless,
    to_char(batch.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS loaded_at,
    voided.batch_id IS NOT NULL AS voided
FROM headroom.batch_file AS file
JOIN headroom.batch USING (batch_id)
LEFT JOIN headroom.voided_batch AS voided USING (batch_id)
WHERE file.device = $1::bigint
    AND file.inode = $2::bigint
    AND file.scope = $3::text
    AND file.batch_id >= coalesce(
        (
            SELECT start.batch_id
            FROM headroom.batch_file AS start
            WHERE start.device = $1::bigint
                AND start.inode = $2::bigint
                AND start.scope = $3::text
                AND start.first_digest = sha256('')
            ORDER BY start.batch_id DESC
            OFFSET 3
            LIMIT 1),
        0)
ORDER BY batch.first_byte, file.batch_id;
