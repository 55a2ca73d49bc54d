-- SPDX-License-Identifier: MIT
-- Holds the chain's head until the transaction ends: of two who change the same thing at once the second one sees what
-- the first one did, and nothing that a count rests on is taken in meanwhile.
-- Column: seq.
SELECT seq
FROM headroom.chain_head
FOR UPDATE;
