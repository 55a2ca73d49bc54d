-- SPDX-License-Identifier: MIT
-- The months before this one, newest first: those that the forecast rests on, and those that are left out.
-- $4 forecast jsonb.
-- Columns: see forecast.json.
SELECT
    past.month,
    past.unique_handles,
    past.days,
    CASE WHEN past.left_out IS NULL THEN 'used' ELSE 'left out' END AS role,
    past.left_out
FROM jsonb_to_recordset($4::jsonb -> 'history') AS past (
    month text, unique_handles bigint, days bigint, left_out text)
ORDER BY past.month DESC;
