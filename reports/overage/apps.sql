-- SPDX-License-Identifier: MIT
-- The counted handles, the overage and the charge by the app of each handle's first counted request.
-- $1 contract_id bigint; $2 month date.
-- Columns: see charge.json; kind: see headroom.sheet_shares.
SELECT kind, name AS app, unique_handles, overage, overage_share, charge
FROM headroom.sheet_shares($1::bigint, $2::date, 'app');
