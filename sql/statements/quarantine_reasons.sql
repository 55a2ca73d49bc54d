-- SPDX-License-Identifier: MIT
-- How many lines are in quarantine, by reason.
-- $1 contract, $2 file, $3 reason, $4 first and $5 last batch (bigint), $6 with settled lines (boolean): as
-- quarantined_lines.
-- Columns: reason, lines, settled (of these), files, first_at, last_at (when met, microseconds).
SELECT
    reason,
    count(*) AS lines,
    count(settled_by) AS settled,
    count(DISTINCT file) AS files,
    headroom.epoch_us(min(loaded_at)) AS first_at,
    headroom.epoch_us(max(loaded_at)) AS last_at
FROM headroom.quarantined_lines($1::text, $2::text, $3::text, $4::bigint, $5::bigint, $6::boolean)
GROUP BY reason
ORDER BY lines DESC, reason COLLATE "C";
