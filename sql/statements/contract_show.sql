-- SPDX-License-Identifier: MIT
-- Contracts as JSON, each as it could be imported again, by name.
-- $1 contract_id bigint (null: all). Column: document (json).
SELECT headroom.contract_document(contract.contract_id) AS document
FROM headroom.contract AS contract
WHERE $1::bigint IS NULL OR contract.contract_id = $1::bigint
ORDER BY contract.name COLLATE "C";
