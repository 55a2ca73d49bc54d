-- SPDX-License-Identifier: MIT
-- The counted handles, the overage and the charge by the app of each handle's first counted request.
-- $5 shares jsonb.
-- Columns: see charge.json.
SELECT s.kind, s.name AS app, s.unique_handles, s.overage, s.overage_share, s.charge
FROM headroom.shares_by($5::jsonb, 'app') AS s
ORDER BY s.place;
