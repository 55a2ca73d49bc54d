-- SPDX-License-Identifier: MIT
-- The batches that hold events of the month or read ones of its time again. One of nothing but lines that could not be
-- read names no time: it may have been of the month if it was taken in since the month's start, and is taken to have
-- been if that was no later than 31 days after its end.
-- A voided batch is there too, with who took it back, when (a date of the month's zone) and why. Of a closed month all
-- of this is as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see about.json.
WITH stated AS MATERIALIZED (
    SELECT until.seq, headroom.batches_after(until.seq) AS later
    FROM (SELECT headroom.stated_until($1::bigint, $2::date) AS seq) AS until
),
in_month AS (
    SELECT daily.batch_id, sum(daily.requests) AS requests
    FROM headroom.daily AS daily
    WHERE daily.contract_id = $1::bigint
        AND daily.month = $2::date
    GROUP BY daily.batch_id
)
SELECT
    batch.batch_id,
    batch.file,
    batch.format,
    batch.first_line || ' to ' || batch.last_line AS lines,
    batch.read,
    batch.added,
    batch.duplicate,
    batch.quarantined,
    coalesce(in_month.requests, 0) AS month_requests,
    CASE WHEN voided.batch_id IS NOT NULL THEN
        format(
            'voided by %s on %s: %s', voided.changed_by,
            to_char(voided.changed_at AT TIME ZONE period.time_zone, 'YYYY-MM-DD'), voided.reason)
    END AS voided,
    batch.loaded_at,
    batch.loaded_by,
    batch.program,
    encode(file.end_digest, 'hex') AS file_digest,
    encode(batch.events_digest, 'hex') AS events_digest
FROM headroom.batch AS batch
CROSS JOIN stated
JOIN headroom.period($1::bigint, $2::date) AS period ON true
LEFT JOIN in_month ON in_month.batch_id = batch.batch_id
LEFT JOIN headroom.batch_file AS file ON file.batch_id = batch.batch_id
LEFT JOIN headroom.voided_until(stated.seq) AS voided ON voided.batch_id = batch.batch_id
WHERE batch.kind = 'events'
    AND batch.batch_id <> ALL (stated.later)
    AND (in_month.batch_id IS NOT NULL
        OR batch.batch_id IN (SELECT touching.batch_id FROM headroom.month_batches($1::bigint, $2::date) AS touching)
        OR (batch.quarantined > 0
            AND batch.loaded_at >= period.starts_at
            AND batch.loaded_at < period.ends_at + INTERVAL '31 days'
            AND NOT EXISTS (
                SELECT FROM headroom.batch_source AS source WHERE source.batch_id = batch.batch_id)))
ORDER BY batch.batch_id;
