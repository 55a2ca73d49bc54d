-- SPDX-License-Identifier: MIT
-- What took a batch back and in again, in order. $1 batch_id bigint.
-- Columns: action, reason, changed_at (microseconds), changed_by, chain_link (its number).
SELECT
    change.action,
    change.reason,
    headroom.epoch_us(change.changed_at) AS changed_at,
    change.changed_by,
    link.seq AS chain_link
FROM headroom.batch_change AS change
LEFT JOIN headroom.chain AS link
    ON link.kind IN ('void', 'restore', 'withdrawal')
    AND link.subject_id = change.change_id
WHERE change.batch_id = $1::bigint
ORDER BY change.change_id;
