-- SPDX-License-Identifier: MIT
-- The head of the chain of digests as it is.
-- Columns: seq bigint (the chain's length), digest (hex).
SELECT seq, encode(digest, 'hex') AS digest
FROM headroom.chain_head;
