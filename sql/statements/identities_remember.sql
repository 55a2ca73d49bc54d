-- SPDX-License-Identifier: MIT
-- Keeps, until the transaction's end, who owns the staged import's handles in the months in which they were used, and
-- how many unique handles each of these months has.
CREATE TEMPORARY TABLE owned_before ON COMMIT DROP AS
WITH used AS MATERIALIZED (
    SELECT *
    FROM headroom.used_handles(ARRAY(SELECT DISTINCT staged.subject FROM pg_temp.staged_identity AS staged))
),
month AS (
    SELECT
        used.contract_id,
        used.month,
        headroom.month_unique_handles(used.contract_id, used.month) AS unique_handles
    FROM used
    GROUP BY used.contract_id, used.month
)
SELECT *
FROM used
JOIN month USING (contract_id, month);
