-- SPDX-License-Identifier: MIT
-- Of the staged events those that a voided batch brought. Looks at no event where no batch is voided; else each is
-- looked up by its key, never found by reading the events.
-- Columns: batch_id, events, changed_by, changed_on (a date in UTC).
WITH voided AS MATERIALIZED (
    SELECT batch_id, changed_by, changed_at
    FROM headroom.voided_batch
)
SELECT
    voided.batch_id, count(*) AS events, voided.changed_by,
    to_char(voided.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS changed_on
FROM pg_temp.staged_event AS staged
CROSS JOIN LATERAL (
    SELECT event.batch_id
    FROM headroom.event AS event
    WHERE event.occurred_at = staged.occurred_at
        AND event.contract_id = staged.contract_id
        AND event.source = staged.source
        AND event.event_id = staged.event_id
        AND event.subject = staged.subject
        AND event.via_app = staged.via_app
        AND event.class = staged.class
    OFFSET 0
) AS first
JOIN voided ON voided.batch_id = first.batch_id
WHERE EXISTS (SELECT FROM voided)
GROUP BY voided.batch_id, voided.changed_by, voided.changed_at
ORDER BY voided.batch_id;
