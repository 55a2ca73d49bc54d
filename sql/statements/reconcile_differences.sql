-- SPDX-License-Identifier: MIT
-- The owners that the recount from the events and the maintained usage do not count alike.
-- $1 contract_id bigint; $2 month date. Columns: owner; maintained, recounted: up to which class it counts, null if it
-- does not; total: how many differ. At most 1000 rows.
SELECT owner, maintained, recounted, count(*) OVER () AS total
FROM headroom.recount_differences($1::bigint, $2::date)
ORDER BY owner COLLATE "C"
LIMIT 1000;
