-- SPDX-License-Identifier: MIT
-- The versions of a contract, the first one first.
-- $1 contract_id bigint.
-- Columns: version; action; changed_us (microseconds since the epoch); changed_by; reason (null: none); document
-- (JSON); chain_link (null: it hangs on none).
SELECT
    version.version, version.action, (EXTRACT(EPOCH FROM version.changed_at) * 1000000)::bigint AS changed_us,
    version.changed_by, version.reason, version.document, link.seq AS chain_link
FROM headroom.contract_version AS version
LEFT JOIN headroom.chain AS link ON link.kind = 'contract' AND link.subject_id = version.version_id
WHERE version.contract_id = $1::bigint
ORDER BY version.version;
