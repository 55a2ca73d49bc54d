-- SPDX-License-Identifier: MIT
-- What a report rests on: the chain's head and, of a report of a month, its figures.
-- $1 contract_id bigint (null: the report is of no month); $2 month date; $3 now timestamptz.
-- Columns: chain_seq, chain_digest (hex); state, unique_handles, charge, currency: null unless of a month.
SELECT
    head.seq AS chain_seq,
    encode(head.digest, 'hex') AS chain_digest,
    status.state,
    status.unique_handles,
    status.charge,
    status.currency
FROM headroom.chain_head AS head
LEFT JOIN LATERAL headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status ON true;
