-- SPDX-License-Identifier: MIT
-- Appends a withdrawal to the chain. $1 change_id bigint. Column: chain_head (hex).
SELECT encode(
    headroom.chain_append('withdrawal', change.change_id, headroom.change_content(change.change_id), change.changed_at),
    'hex') AS chain_head
FROM headroom.batch_change AS change
WHERE change.change_id = $1::bigint;
