-- SPDX-License-Identifier: MIT
-- The app keys with the contracts that own them.
-- Columns: app_key, contract_id, name (of the contract).
SELECT contract_app.app_key, contract_app.contract_id, contract.name
FROM headroom.contract_app
JOIN headroom.contract USING (contract_id);
