-- SPDX-License-Identifier: MIT
-- Appends a batch of identities to the chain. Last in its transaction: it holds the head's row until the commit.
-- $1 batch_id bigint. Column: chain_head (hex).
SELECT encode(
    headroom.chain_append('identities', batch.batch_id, headroom.batch_content(batch.batch_id), batch.loaded_at),
    'hex') AS chain_head
FROM headroom.batch AS batch
WHERE batch.batch_id = $1::bigint;
