-- SPDX-License-Identifier: MIT
-- The ledger that the report is made from.
-- Columns: see about.json.
SELECT
    (SELECT max(migration.version) FROM headroom.migration AS migration) AS schema_version,
    current_setting('server_version') AS server_version,
    head.seq AS chain_length,
    encode(head.digest, 'hex') AS chain_head
FROM headroom.chain_head AS head;
