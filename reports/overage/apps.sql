-- SPDX-License-Identifier: MIT
-- The counted handles, the overage and the charge by the app of each handle's first counted request.
-- $5 shares jsonb.
-- Columns: see charge.json.
SELECT kind, name AS app, unique_handles, overage, overage_share, charge
FROM jsonb_to_recordset($5::jsonb) AS share (
    by text,
    place bigint,
    kind text,
    name text,
    unique_handles bigint,
    overage bigint,
    overage_share double precision,
    charge text)
WHERE by = 'app'
ORDER BY place;
