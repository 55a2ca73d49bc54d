-- SPDX-License-Identifier: MIT
-- How many lines of a file are still in quarantine, of those that the given parts of it brought there, under whatever
-- options.
-- $1 device, $2 inode bigint; $3 end_digest of the parts (bytea[]). Column: lines.
SELECT count(*) AS lines
FROM headroom.batch_file AS file
JOIN headroom.quarantine USING (batch_id)
WHERE file.device = $1::bigint
    AND file.inode = $2::bigint
    AND file.end_digest = ANY ($3::bytea[])
    AND NOT EXISTS (
        SELECT FROM headroom.quarantine_settled AS settled
        WHERE settled.quarantine_id = quarantine.quarantine_id);
