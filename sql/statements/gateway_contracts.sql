-- SPDX-License-Identifier: MIT
-- The contracts for which a gateway has said up to when it has delivered.
-- $1 source. Column: name.
SELECT DISTINCT c.name
FROM headroom.source_until AS u
JOIN headroom.contract AS c USING (contract_id)
WHERE u.source = $1
ORDER BY c.name;
