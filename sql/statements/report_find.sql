-- SPDX-License-Identifier: MIT
-- What report a file is, by its digest: each time that it was written, the newest first, with what the ledger says now.
-- $1 SHA-256, hex; $2 the same of what the file unpacks to, or ''.
-- Columns: as of report_log but `to` and `digest`; unpacked: whether it is what the file unpacks to; chain_holds:
-- whether the chain still has the head that the report rests on; later_links: how many came after it; today_state,
-- today_handles, today_charge, today_currency: of the month, null where there is none any more; changed: whether its
-- figures are others today.
SELECT
    w.report,
    w.format,
    c.name AS contract,
    to_char(w.month, 'YYYY-MM') AS month,
    w.parameters,
    w.file,
    encode(w.file_digest, 'hex') AS sha256,
    w.file_size AS size,
    w.chain_seq AS chain_link,
    encode(w.chain_digest, 'hex') AS chain_head,
    w.state,
    w.unique_handles,
    headroom.money(w.charge, w.currency) AS charge,
    w.currency,
    headroom.epoch_us(w.made_at) AS made_at,
    headroom.epoch_us(w.written_at) AS written_at,
    w.written_by,
    w.program,
    w.file_digest <> decode($1, 'hex') AS unpacked,
    w.chain_seq = 0
        OR EXISTS (
            SELECT FROM headroom.chain AS l WHERE l.seq = w.chain_seq AND l.digest = w.chain_digest) AS chain_holds,
    (SELECT h.seq FROM headroom.chain_head AS h) - w.chain_seq AS later_links,
    today.state AS today_state,
    today.unique_handles AS today_handles,
    today.charge AS today_charge,
    today.currency AS today_currency,
    w.state IS NOT NULL
        AND (w.unique_handles, headroom.money(w.charge, w.currency), w.currency)
            IS DISTINCT FROM (today.unique_handles, today.charge, today.currency) AS changed
FROM headroom.report_written AS w
LEFT JOIN headroom.contract AS c ON c.contract_id = w.contract_id
LEFT JOIN LATERAL headroom.month_status(w.contract_id, w.month, now()) AS today ON w.state IS NOT NULL
WHERE w.file_digest IN (decode($1, 'hex'), decode(nullif($2, ''), 'hex'))
ORDER BY w.written_id DESC
LIMIT 100;
