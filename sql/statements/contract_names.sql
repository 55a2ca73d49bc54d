-- SPDX-License-Identifier: MIT
-- All contracts.
-- Columns: contract_id, name.
SELECT contract_id, name
FROM headroom.contract
ORDER BY name;
