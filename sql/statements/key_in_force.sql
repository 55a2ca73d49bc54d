-- SPDX-License-Identifier: MIT
-- The API keys in force, for who lets events in.
-- Columns: digest (hex digits), contract (null: of any).
SELECT encode(key.digest, 'hex') AS digest, contract.name AS contract
FROM headroom.api_key AS key
LEFT JOIN headroom.contract AS contract USING (contract_id)
WHERE key.revoked_at IS NULL;
