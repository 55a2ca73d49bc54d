-- SPDX-License-Identifier: MIT
-- The sources of a contract as a billing month sees them, in the order of their names.
-- $1 contract_id bigint; $2 month date; $3 hours that a source may be silent now (bigint), null: by the rule.
-- Columns: those of month_sources, times as microseconds since the epoch and spans in whole hours; month_requests: of
-- the month; no_terms: requests under no terms; low_days: joined by commas, null where there is none; gap_count.
WITH counted AS (
    SELECT
        d.source,
        sum(d.requests) FILTER (WHERE d.month IS NULL) AS no_terms,
        sum(d.requests) FILTER (WHERE d.month = $2::date) AS month_requests
    FROM headroom.daily AS d
    WHERE d.contract_id = $1::bigint
        AND (d.month IS NULL OR d.month = $2::date)
        AND d.batch_id <> ALL (headroom.voided_batches())
    GROUP BY d.source
)
SELECT
    s.source,
    headroom.epoch_us(s.first_event) AS first_event,
    headroom.epoch_us(s.last_event) AS last_event,
    headroom.epoch_us(s.delivered_until) AS delivered_until,
    coalesce(s.events, 0) AS events,
    coalesce(c.month_requests, 0) AS month_requests,
    coalesce(c.no_terms, 0) AS no_terms,
    s.is_active,
    (EXTRACT(EPOCH FROM s.usual) / 3600)::bigint AS usual_hours,
    (EXTRACT(EPOCH FROM s.allowed) / 3600)::bigint AS allowed_hours,
    headroom.epoch_us(s.silent_since) AS silent_since,
    headroom.epoch_us(s.listened_since) AS listened_since,
    headroom.epoch_us(s.listened_until) AS listened_until,
    (SELECT count(*) FROM unnest(s.gaps)) AS gap_count,
    (SELECT string_agg(to_char(d.day, 'YYYY-MM-DD'), ',' ORDER BY d.day) FROM unnest(s.low_days) AS d (day)) AS low_days
FROM headroom.month_sources($1::bigint, $2::date, now(), $3::bigint * INTERVAL '1 hour') AS s
LEFT JOIN counted AS c USING (source)
ORDER BY s.source COLLATE "C";
