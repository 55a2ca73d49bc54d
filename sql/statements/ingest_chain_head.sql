-- SPDX-License-Identifier: MIT
-- The head of the chain as it is.
-- Column: chain_head (hex).
SELECT encode(digest, 'hex') AS chain_head
FROM headroom.chain_head;
