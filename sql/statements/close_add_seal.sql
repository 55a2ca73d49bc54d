-- SPDX-License-Identifier: MIT
-- Seals a month whose owners were written down. Last in its transaction: it holds the chain's head until the commit.
-- $1 seal_id bigint; $2 contract_id bigint; $3 month date; $4 owners_digest (hex); $5 statement (JSON);
-- $6 checklist (JSON); $7 forced_because (null: nothing had to be); $8 closed_by. Column: chain_head (hex).
SELECT encode(
    headroom.add_seal(
        $1::bigint, $2::bigint, $3::date, now(), decode($4::text, 'hex'), $5::text, $6::text, $7::text, $8::text),
    'hex') AS chain_head;
