-- SPDX-License-Identifier: MIT
-- The seal of a closed month, and its link in the chain. One row; nulls where the month is not closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see about.json.
SELECT
    seal.closed_at,
    seal.closed_by,
    seal.forced_because,
    link.seq AS seal_link,
    encode(link.digest, 'hex') AS seal_digest,
    encode(seal.owners_digest, 'hex') AS owners_digest,
    seal.chain_seq,
    encode(seal.chain_digest, 'hex') AS chain_digest,
    seal.version,
    coalesce('seal ' || left(encode(link.digest, 'hex'), 16), 'not sealed') AS short
FROM headroom.seal_of($1::bigint, $2::date) AS seal
LEFT JOIN headroom.chain AS link
    ON link.kind = 'close'
    AND link.subject_id = seal.seal_id;
