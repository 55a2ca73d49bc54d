-- SPDX-License-Identifier: MIT
-- The batches whose events are in the evidence of a month, by their ids.
-- $1 contract_id bigint; $2 month date. Columns: batch_id, added bigint.
SELECT b.batch_id, b.added
FROM headroom.evidence_batches($1::bigint, $2::date) AS e
JOIN headroom.batch AS b USING (batch_id)
WHERE b.added > 0
ORDER BY b.batch_id;
