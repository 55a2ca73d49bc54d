-- SPDX-License-Identifier: MIT
-- The lines of a file that are still in quarantine, whatever options brought them there, from a line on; the first
-- 100,000 of them.
-- $1 device, $2 inode bigint; $3 line bigint. Columns: line, quarantine_id, place (hex).
SELECT quarantine.line, quarantine.quarantine_id, encode(quarantine.place, 'hex') AS place
FROM headroom.batch_file AS file
JOIN headroom.quarantine USING (batch_id)
WHERE file.device = $1::bigint
    AND file.inode = $2::bigint
    AND quarantine.line >= $3::bigint
    AND NOT EXISTS (
        SELECT FROM headroom.quarantine_settled AS settled
        WHERE settled.quarantine_id = quarantine.quarantine_id)
ORDER BY quarantine.line, quarantine.quarantine_id
LIMIT 100000;
