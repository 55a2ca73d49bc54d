-- SPDX-License-Identifier: MIT
-- The owners that count in a month. $1 contract_id bigint; $2 month date. Column: owner.
SELECT g.owner
FROM headroom.gate_counted($1::bigint, $2::date) AS g;
