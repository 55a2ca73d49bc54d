-- SPDX-License-Identifier: MIT
-- What the months that go on have used, by contract; reads the maintained usage, never the events.
-- Columns: contract; month as 2026-10; unique_handles bigint; unit_limit bigint, null where the contract has none.
SELECT c.name AS contract, to_char(m.month, 'YYYY-MM') AS month, u.unique_handles, u.unit_limit
FROM headroom.contract AS c
CROSS JOIN LATERAL headroom.month_at(c.contract_id, now()) AS m (month)
CROSS JOIN LATERAL headroom.stated_use(c.contract_id, m.month) AS u
ORDER BY c.name;
