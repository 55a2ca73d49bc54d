-- SPDX-License-Identifier: MIT
-- What the ledger holds, counted. Columns: taken_us (the transaction's time, microseconds since 1970), chain_head
-- (hex), chain_length, contracts, batches, events, schema (newest migration).
SELECT
    (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint AS taken_us,
    encode(h.digest, 'hex') AS chain_head,
    h.seq AS chain_length,
    (SELECT count(*) FROM headroom.contract) AS contracts,
    (SELECT count(*) FROM headroom.batch) AS batches,
    (SELECT count(*) FROM headroom.event) AS events,
    (SELECT max(m.version) FROM headroom.migration AS m) AS schema
FROM headroom.chain_head AS h;
