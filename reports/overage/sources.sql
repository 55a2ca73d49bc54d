-- SPDX-License-Identifier: MIT
-- The sources of the month's requests, and the span of the batches that touch the month. What a voided batch brought is
-- among the requests, said beside them, and no part of the span. Of a closed month all of this is as when it was
-- closed.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see about.json.
WITH voided AS MATERIALIZED (
    SELECT v.batch_id
    FROM headroom.voided_until(headroom.stated_until($1::bigint, $2::date)) AS v
),
in_month AS (
    SELECT
        daily.source,
        sum(daily.requests) AS requests,
        sum(daily.requests) FILTER (WHERE voided.batch_id IS NOT NULL) AS voided_requests
    FROM headroom.daily AS daily
    LEFT JOIN voided ON voided.batch_id = daily.batch_id
    WHERE daily.contract_id = $1::bigint
        AND daily.month = $2::date
        AND daily.batch_id <> ALL (headroom.batches_after(headroom.stated_until($1::bigint, $2::date)))
    GROUP BY daily.source
),
touching AS (
    SELECT
        source.source,
        count(*) FILTER (WHERE voided.batch_id IS NULL) AS batches,
        min(source.first_event) FILTER (WHERE voided.batch_id IS NULL) AS first_event,
        max(source.last_event) FILTER (WHERE voided.batch_id IS NULL) AS last_event
    FROM headroom.stated_batches($1::bigint, $2::date) AS source
    LEFT JOIN voided ON voided.batch_id = source.batch_id
    GROUP BY source.source
)
SELECT
    touching.source,
    touching.batches,
    coalesce(in_month.requests, 0) AS month_requests,
    coalesce(in_month.voided_requests, 0) AS voided_requests,
    touching.first_event,
    touching.last_event,
    headroom.days_text(judged.low_days) AS low_days
FROM touching
LEFT JOIN in_month ON in_month.source = touching.source
LEFT JOIN headroom.stated_sources($1::bigint, $2::date, $3::timestamptz) AS judged ON judged.source = touching.source
ORDER BY touching.source COLLATE "C";
