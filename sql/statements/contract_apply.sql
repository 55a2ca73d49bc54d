-- SPDX-License-Identifier: MIT
-- Makes a contract be as its document says. The caller holds the contract.
-- $1 contract_id bigint (null: a new one); $2 action; $3 document (JSON); $4 reason; $5 by_whom.
-- Columns: contract_id; version (null: nothing was to do); months: the changed ones (date[] as text).
SELECT contract_id, version, months
FROM headroom.contract_apply(
    of_contract => $1::bigint, action => $2::headroom.contract_action, document => $3::json, reason => $4::text,
    at => now(), by_whom => $5::text);
