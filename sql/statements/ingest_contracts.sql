-- SPDX-License-Identifier: MIT
-- All contracts by name.
-- Columns: contract_id, name.
SELECT contract_id, name
FROM headroom.contract
ORDER BY name;
