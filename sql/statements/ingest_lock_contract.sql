-- SPDX-License-Identifier: MIT
-- Holds a contract until the transaction ends, beside other loaders, against whoever closes or amends it.
-- $1 contract_id bigint. Column: contract_id.
SELECT contract_id
FROM headroom.contract_lock
WHERE contract_id = $1::bigint
FOR SHARE;
