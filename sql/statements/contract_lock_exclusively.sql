-- SPDX-License-Identifier: MIT
-- Holds contracts exclusively until the transaction ends, in the order in which everybody locks them.
-- $1 contract ids (bigint[]). Column: contract_id.
SELECT contract_id
FROM headroom.contract_lock
WHERE contract_id = ANY ($1::bigint[])
ORDER BY contract_id
FOR UPDATE;
