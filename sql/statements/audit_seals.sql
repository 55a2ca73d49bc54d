-- SPDX-License-Identifier: MIT
-- The seals, each with its link and the digest that its owners had. A seal without owners has that of nothing.
-- Columns: seal_id, contract, month (text), seq bigint (0: no link), owners_digest (hex), unique_handles bigint.
SELECT
    seal.seal_id, contract.name AS contract, to_char(seal.month, 'YYYY-MM') AS month, coalesce(link.seq, 0) AS seq,
    encode(seal.owners_digest, 'hex') AS owners_digest, seal.unique_handles
FROM headroom.seal AS seal
JOIN headroom.contract AS contract USING (contract_id)
LEFT JOIN headroom.chain AS link ON link.subject_id = seal.seal_id AND link.kind = 'close'
ORDER BY seal.seal_id;
