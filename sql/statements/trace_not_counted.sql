-- SPDX-License-Identifier: MIT
-- Why requests of an owner in a billing month do not count, with how many.
-- $1 contract_id bigint; $2 month date; $3 owner.
-- Columns: reason; requests.
-- The usage holds no voided requests; these are looked for among the voided batches' events, by the subjects that can
-- have meant this owner.
WITH span AS (
    SELECT period.starts_at, period.ends_at, term.counting
    FROM headroom.period($1::bigint, $2::date) AS period
    JOIN headroom.term AS term ON term.term_id = period.term_id
),
used AS (
    SELECT
        headroom.not_counted_reason(span.counting, usage.via_app, usage.owner = '~app', share.class) AS reason,
        share.requests
    FROM span
    CROSS JOIN LATERAL headroom.owned_usage($1::bigint, $2::date) AS usage
    CROSS JOIN LATERAL (
        VALUES
            ('not_attempted'::headroom.class, usage.requests - usage.attempted_requests),
            ('attempted', usage.attempted_requests - usage.answered_requests),
            ('answered', usage.answered_requests - usage.delivered_requests),
            ('delivered', usage.delivered_requests)
    ) AS share (class, requests)
    WHERE usage.owner = $3::text
    UNION ALL
    SELECT 'voided', count(*)
    FROM span
    JOIN headroom.event AS event ON event.occurred_at >= span.starts_at AND event.occurred_at < span.ends_at
    WHERE event.contract_id = $1::bigint
        AND event.batch_id = ANY ((SELECT headroom.voided_batches())::bigint[])
        AND (event.subject = $3::text
            OR event.subject IN (
                SELECT fact.subject
                FROM headroom.identity_fact AS fact
                WHERE fact.user_id::text = $3::text)
            OR event.subject IN (
                SELECT claim.subject
                FROM headroom.identity_claim AS claim
                WHERE claim.user_id::text = $3::text))
        AND headroom.owner_at($1::bigint, event.subject, event.occurred_at) = $3::text
)
SELECT used.reason, sum(used.requests)::bigint AS requests
FROM used
WHERE used.reason IS NOT NULL AND used.requests > 0
GROUP BY used.reason
ORDER BY used.reason;
