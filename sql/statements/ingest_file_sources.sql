-- SPDX-License-Identifier: MIT
-- The sources that earlier runs took in of a file.
-- $1 device, $2 inode bigint; $3 scope. Columns: contract_id, source.
SELECT DISTINCT delivered.contract_id, delivered.source
FROM headroom.batch_file AS file
JOIN headroom.batch_source AS delivered USING (batch_id)
WHERE file.device = $1::bigint
    AND file.inode = $2::bigint
    AND file.scope = $3::text;
