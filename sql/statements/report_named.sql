-- SPDX-License-Identifier: MIT
-- The report that was last written under a file's name, in whatever folder.
-- $1 the name without its folder. Columns: contract, month, written_at (microseconds), sha256. At most one row.
SELECT
    c.name AS contract,
    to_char(w.month, 'YYYY-MM') AS month,
    w.report,
    headroom.epoch_us(w.written_at) AS written_at,
    encode(w.file_digest, 'hex') AS sha256
FROM headroom.report_written AS w
LEFT JOIN headroom.contract AS c ON c.contract_id = w.contract_id
WHERE regexp_replace(w.file, '^.*/', '') = $1
ORDER BY w.written_id DESC
LIMIT 1;
