-- SPDX-License-Identifier: MIT
-- The API keys, without their digests.
-- $1 all boolean: also those that were revoked.
-- Columns: name, contract (null: of any), added_at, added_by, revoked_at, revoked_by (both null: in force); times in
-- microseconds since the epoch.
SELECT
    key.name,
    contract.name AS contract,
    headroom.epoch_us(key.added_at) AS added_at,
    key.added_by,
    headroom.epoch_us(key.revoked_at) AS revoked_at,
    key.revoked_by
FROM headroom.api_key AS key
LEFT JOIN headroom.contract AS contract USING (contract_id)
WHERE $1::boolean OR key.revoked_at IS NULL
ORDER BY key.name, key.key_id;
