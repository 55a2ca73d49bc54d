-- SPDX-License-Identifier: MIT
-- The closed months that carry an adjustment of a closed month.
-- $1 contract_id bigint; $2 month date. Column: months (text; null: none).
SELECT headroom.carriers_of($1::bigint, $2::date) AS months;
