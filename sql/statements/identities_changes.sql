-- SPDX-License-Identifier: MIT
-- What the staged import has changed since identities_remember, by contract and month, in their order; months that it
-- leaves as they were are left out.
-- Columns: contract, month (2026-10), handles: how many have another owner on any day of their use; unique_before,
-- unique_after: the month's unique handles.
WITH used AS (
    SELECT *
    FROM headroom.used_handles(ARRAY(SELECT DISTINCT staged.subject FROM pg_temp.staged_identity AS staged))
),
changed AS (
    SELECT contract_id, month, count(DISTINCT subject) AS handles, max(owned_before.unique_handles) AS unique_before
    FROM pg_temp.owned_before AS owned_before
    FULL JOIN used USING (contract_id, month, subject, owner)
    WHERE used.days IS DISTINCT FROM owned_before.days
    GROUP BY contract_id, month
)
SELECT
    contract.name AS contract,
    to_char(changed.month, 'YYYY-MM') AS month,
    changed.handles,
    changed.unique_before,
    headroom.month_unique_handles(changed.contract_id, changed.month) AS unique_after
FROM changed
JOIN headroom.contract AS contract USING (contract_id)
ORDER BY contract.name COLLATE "C", changed.month;
