-- SPDX-License-Identifier: MIT
-- What an overage, a number of unique handles, or the next handle of a month costs.
-- $1 contract_id bigint; $2 month date; $3 units of overage bigint; $4 unique handles bigint: one of these two, or both
-- null for the next handle.
-- Columns: those of headroom.price.
SELECT unit_limit, handles, units, charged, charge, marginal, fee, currency
FROM headroom.price($1::bigint, $2::date, $3::bigint, $4::bigint, now());
