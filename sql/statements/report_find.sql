-- SPDX-License-Identifier: MIT
-- What report a file is, by its digest: each time that it was written, the newest first, with what the ledger says now.
-- $1 SHA-256, hex; $2 the same of what the file unpacks to, or ''.
-- Columns: those of report_shown; unpacked: whether it is what the file unpacks to; chain_holds:
-- whether the chain still has the head that the report rests on; later_links: how many came after it; today_state,
-- today_handles, today_charge, today_currency: of the month, null where there is none any more; changed: whether its
-- figures are others today.
SELECT
    r.*,
    r.sha256 <> $1::text AS unpacked,
    r.chain_link = 0
        OR EXISTS (
            SELECT FROM headroom.chain AS l WHERE l.seq = r.chain_link AND l.digest = decode(r.chain_head, 'hex'))
        AS chain_holds,
    (SELECT h.seq FROM headroom.chain_head AS h) - r.chain_link AS later_links,
    today.state AS today_state,
    today.unique_handles AS today_handles,
    today.charge AS today_charge,
    today.currency AS today_currency,
    r.state IS NOT NULL
        AND (r.unique_handles, r.charge, r.currency)
            IS DISTINCT FROM (today.unique_handles, today.charge, today.currency) AS changed
FROM headroom.report_written AS w
JOIN headroom.report_shown AS r USING (written_id)
LEFT JOIN LATERAL headroom.month_status(r.contract_id, r.month_of, now()) AS today ON r.state IS NOT NULL
WHERE w.file_digest IN (decode($1::text, 'hex'), decode(nullif($2, ''), 'hex'))
ORDER BY r.written_id DESC
LIMIT 100;
