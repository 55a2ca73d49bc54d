-- SPDX-License-Identifier: MIT
-- The reports that were written, the newest first.
-- $1 contract (null: any); $2 'this', 'last' or the first day of a calendar month (null: any); $3 how many at most.
-- Columns: report, format, contract, month, parameters (JSON text), file, sha256, size, chain_link, chain_head, state,
-- unique_handles, charge, currency, made_at, written_at (microseconds), written_by, program; to: the file, or '-' for
-- standard output; digest: the beginning of the SHA-256.
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
    coalesce(w.file, '-') AS "to",
    left(encode(w.file_digest, 'hex'), 16) AS digest
FROM headroom.report_written AS w
LEFT JOIN headroom.contract AS c ON c.contract_id = w.contract_id
WHERE ($1::text IS NULL OR c.name = $1::text)
    AND ($2::text IS NULL
        OR w.month = CASE $2::text
            WHEN 'this' THEN headroom.current_month(c.contract_id, now())
            WHEN 'last' THEN headroom.last_over_month(c.contract_id, now())
            ELSE $2::date
        END)
ORDER BY w.written_id DESC
LIMIT $3::bigint;
