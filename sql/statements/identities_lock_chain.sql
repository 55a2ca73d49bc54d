-- SPDX-License-Identifier: MIT
-- Holds the chain's head: of two who withdraw the same batch at once the second one sees what the first one did.
-- Column: seq.
SELECT seq
FROM headroom.chain_head
FOR UPDATE;
