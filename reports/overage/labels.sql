-- SPDX-License-Identifier: MIT
-- The counted handles, the overage and the charge by the label of each handle's first counted request.
-- $5 shares jsonb.
-- Columns: see charge.json.
SELECT s.kind, s.name AS label, s.unique_handles, s.overage, s.overage_share, s.charge
FROM headroom.shares_by($5::jsonb, 'label') AS s
ORDER BY s.place;
