-- SPDX-License-Identifier: MIT
-- Appends changes of batches to the chain, in their order. Last in its transaction: it holds the head's row until the
-- commit.
-- $1 change ids (bigint[]). Column: chain_head (hex), of each link.
SELECT encode(
    headroom.chain_append(
        CASE change.action WHEN 'withdraw' THEN 'withdrawal' ELSE change.action::text END,
        change.change_id, headroom.change_content(change.change_id), change.changed_at),
    'hex') AS chain_head
FROM (
    SELECT change_id, action, changed_at
    FROM headroom.batch_change
    WHERE change_id = ANY ($1::bigint[])
    ORDER BY change_id
) AS change;
