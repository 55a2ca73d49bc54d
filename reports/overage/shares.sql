-- SPDX-License-Identifier: MIT
-- The counted handles, the overage and the charge by the label and by the app of each handle's first counted request:
-- what labels and apps take, as both come of one pass over the handles.
-- $1 contract_id bigint; $2 month date.
-- Columns: see charge.json.
SELECT by, place, kind, name, unique_handles, overage, overage_share, charge
FROM headroom.sheet_shares($1::bigint, $2::date);
