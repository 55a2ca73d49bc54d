-- SPDX-License-Identifier: MIT
-- The month's control totals.
-- $1 contract_id bigint; $2 month date.
-- Columns: see layout.json.
SELECT name, expected, found, found - expected AS difference, state
FROM headroom.stated_checks($1::bigint, $2::date);
