-- SPDX-License-Identifier: MIT
-- Batches, the newest first.
-- $1 contract (null: any); $2 'this', 'last' or the first day of a calendar month (null: any time): batches that read
-- events of the contract, and of that billing month; $3 file: its name with or without the folder (null: any);
-- $4 'true': only what was taken back; $5 how many at most.
-- Columns: batch, kind, state (in force, voided, withdrawn), file, format, first_line, last_line, read,
-- added, duplicate, quarantined, loaded_at (microseconds), loaded_by.
WITH wanted AS MATERIALIZED (
    SELECT contract.contract_id, period.starts_at, period.ends_at
    FROM headroom.contract AS contract
    CROSS JOIN LATERAL (
        SELECT CASE $2::text
            WHEN 'this' THEN headroom.current_month(contract.contract_id, now())
            WHEN 'last' THEN headroom.last_over_month(contract.contract_id, now())
            ELSE $2::date
        END AS month
    ) AS asked
    LEFT JOIN LATERAL headroom.period(contract.contract_id, asked.month) AS period ON true
    WHERE $1::text IS NULL OR contract.name = $1::text
)
SELECT
    batch.batch_id AS batch,
    batch.kind,
    headroom.batch_state(voided.action) AS state,
    batch.file,
    batch.format,
    batch.first_line,
    batch.last_line,
    batch.read,
    batch.added,
    batch.duplicate,
    batch.quarantined,
    headroom.epoch_us(batch.loaded_at) AS loaded_at,
    batch.loaded_by
FROM headroom.batch AS batch
LEFT JOIN headroom.voided_batch AS voided ON voided.batch_id = batch.batch_id
WHERE (($1::text IS NULL AND $2::text IS NULL)
        OR EXISTS (
            SELECT
            FROM wanted
            JOIN headroom.batch_source AS source
                ON source.batch_id = batch.batch_id
                AND source.contract_id = wanted.contract_id
            WHERE $2::text IS NULL
                OR (source.first_event < wanted.ends_at AND source.last_event >= wanted.starts_at)))
    AND ($3::text IS NULL OR batch.file = $3::text OR right(batch.file, length($3::text) + 1) = '/' || $3::text)
    AND (NOT $4::boolean OR voided.batch_id IS NOT NULL)
ORDER BY batch.batch_id DESC
LIMIT $5::bigint;
