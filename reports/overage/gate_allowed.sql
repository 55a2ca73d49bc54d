-- SPDX-License-Identifier: MIT
-- The handles that somebody let through the gate in the month whatever its limit is, in their order.
-- $1 contract_id bigint; $2 month date.
-- Columns: see not_counted.json.
SELECT g.subject AS handle, g.at AS allowed_at, g.reason, g.by_whom AS allowed_by
FROM headroom.gate_list($1::bigint, $2::date) AS g
WHERE g.kind = 'allowed'
ORDER BY g.at, g.subject COLLATE "C";
