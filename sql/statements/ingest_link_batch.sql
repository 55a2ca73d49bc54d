-- SPDX-License-Identifier: MIT
-- Appends a batch to the chain. Last in its transaction: it holds the head's row until the commit.
-- $1 batch_id bigint; $2 linked_at timestamptz. Column: chain_head (hex).
SELECT encode(
    headroom.chain_append('batch', $1::bigint, headroom.batch_content($1::bigint), $2::timestamptz),
    'hex') AS chain_head;
