-- SPDX-License-Identifier: MIT
-- The reports that were written, the newest first.
-- $1 contract (null: any); $2 'this', 'last' or the first day of a calendar month (null: any); $3 how many at most.
-- Columns: those of report_shown; to: the file, or '-' for standard output; digest: the beginning of the SHA-256.
SELECT
    r.*,
    coalesce(r.file, '-') AS "to",
    left(r.sha256, 16) AS digest
FROM headroom.report_shown AS r
WHERE ($1::text IS NULL OR r.contract = $1::text)
    AND ($2::text IS NULL
        OR r.month_of = CASE $2::text
            WHEN 'this' THEN headroom.current_month(r.contract_id, now())
            WHEN 'last' THEN headroom.last_over_month(r.contract_id, now())
            ELSE $2::date
        END)
ORDER BY r.written_id DESC
LIMIT $3::bigint;
