-- SPDX-License-Identifier: MIT
-- Events with what became of each, and the batch and the file that they came with.
-- $1 event_id; $2 contract_id bigint, $3 source, $4 subject (null: any); $5, $6 bigint: from and until, microseconds
-- (null: any time); $7 boolean: only those that count.
-- Columns: contract; contract_id; month: 'YYYY-MM', null under no terms; time_us; source; event_id; subject; owner;
-- via; class; status; outcome; endpoint; tweet_count; label; handle; reason: why it does not count, null where it does;
-- rule; batch_id; ordinal; position; file; format; scope, end_digest (hex): null where they were not kept; first_line;
-- last_line; end_byte; loaded_us; loaded_by; seq, link_digest (hex): of its link, null where it has none; void_reason,
-- void_by, void_us: null unless its batch is voided; spool: of the gateway that it came through, or null; by_endpoint:
-- whether it came over HTTP. At most 100.
WITH found AS (
    SELECT event.*
    FROM headroom.event AS event
    WHERE event.event_id = $1::text
        AND ($2::bigint IS NULL OR event.contract_id = $2::bigint)
        AND ($3::text IS NULL OR event.source = $3::text)
        AND ($4::text IS NULL OR event.subject = $4::text)
        AND event.occurred_at
            >= coalesce(TIMESTAMPTZ '1970-01-01Z' + $5::bigint * INTERVAL '1 microsecond', '-infinity')
        AND event.occurred_at
            < coalesce(TIMESTAMPTZ '1970-01-01Z' + $6::bigint * INTERVAL '1 microsecond', 'infinity')
    LIMIT 100
),
judged AS (
    SELECT
        found.*,
        month.of_month,
        (headroom.term_of(found.contract_id, month.of_month)).counting AS rule
    FROM found
    CROSS JOIN LATERAL (SELECT headroom.month_at(found.contract_id, found.occurred_at) AS of_month) AS month
)
SELECT
    contract.name AS contract,
    judged.contract_id,
    to_char(judged.of_month, 'YYYY-MM') AS month,
    headroom.epoch_us(judged.occurred_at) AS time_us,
    judged.source,
    judged.event_id,
    judged.subject,
    headroom.owner_at(judged.contract_id, judged.subject, judged.occurred_at) AS owner,
    CASE WHEN judged.via_app THEN 'app' ELSE 'user' END AS via,
    judged.class,
    judged.status,
    judged.outcome,
    judged.endpoint,
    judged.tweet_count,
    judged.label,
    judged.handle,
    why.reason,
    judged.rule,
    judged.batch_id,
    judged.ordinal,
    judged.position,
    batch.file,
    batch.format,
    coalesce(part.scope, reading.scope) AS scope,
    encode(part.end_digest, 'hex') AS end_digest,
    batch.first_line,
    batch.last_line,
    batch.end_byte,
    headroom.epoch_us(batch.loaded_at) AS loaded_us,
    batch.loaded_by,
    link.seq,
    encode(link.digest, 'hex') AS link_digest,
    voided.reason AS void_reason,
    voided.changed_by AS void_by,
    headroom.epoch_us(voided.changed_at) AS void_us,
    CASE WHEN part.batch_id IS NULL THEN substring(batch.file FROM '^gateway ([0-9a-f]{32})$') END AS spool,
    part.batch_id IS NULL AND batch.file = 'event endpoint' AS by_endpoint
FROM judged
JOIN headroom.contract AS contract ON contract.contract_id = judged.contract_id
LEFT JOIN headroom.batch AS batch ON batch.batch_id = judged.batch_id
LEFT JOIN headroom.batch_file AS part ON part.batch_id = judged.batch_id
LEFT JOIN headroom.batch_reading AS reading ON reading.batch_id = judged.batch_id
LEFT JOIN headroom.voided_batch AS voided ON voided.batch_id = judged.batch_id
LEFT JOIN headroom.chain AS link ON link.subject_id = judged.batch_id AND link.kind = 'batch'
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN voided.batch_id IS NOT NULL THEN 'voided'
        ELSE headroom.not_counted_reason(
            CASE WHEN judged.of_month IS NOT NULL THEN judged.rule END, judged.via_app, judged.subject = '~app',
            judged.class)
    END AS reason
) AS why
WHERE NOT $7::boolean OR why.reason IS NULL
ORDER BY
    judged.occurred_at, judged.contract_id, judged.source, judged.event_id, judged.class, judged.subject,
    judged.via_app;
