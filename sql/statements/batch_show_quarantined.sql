-- SPDX-License-Identifier: MIT
-- The quarantined lines that a batch was the first to meet, by reason. $1 batch_id bigint.
-- Columns: reason, lines, settled (of these, those that were read later).
SELECT line.reason, count(*) AS lines, count(settled.quarantine_id) AS settled
FROM headroom.quarantine AS line
LEFT JOIN headroom.quarantine_settled AS settled USING (quarantine_id)
WHERE line.batch_id = $1::bigint
GROUP BY line.reason
ORDER BY lines DESC, line.reason;
