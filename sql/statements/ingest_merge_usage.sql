-- SPDX-License-Identifier: MIT
-- Merges the staged usage of a batch into the maintained one, in the order of its key.
-- $1 batch_id bigint.
INSERT INTO headroom.usage AS usage (
    contract_id, month, subject, via_app, requests, attempted_requests, answered_requests, delivered_requests,
    attempted_days, answered_days, delivered_days, last_seen, first_attempted, first_answered, first_delivered)
SELECT
    contract_id, month, subject, via_app, requests, attempted_requests, answered_requests, delivered_requests,
    attempted_days, answered_days, delivered_days, last_seen, first_attempted, first_answered,
    CASE
        WHEN delivered_same THEN first_answered
        WHEN delivered_at IS NOT NULL THEN
            ROW(delivered_at, delivered_source, delivered_id, delivered_class, $1::bigint, delivered_app, delivered_label)
            ::headroom.first_event
    END
FROM (
    SELECT
        *,
        CASE
            WHEN answered_same THEN first_attempted
            WHEN answered_at IS NOT NULL THEN
                ROW(answered_at, answered_source, answered_id, answered_class, $1::bigint, answered_app, answered_label)
                ::headroom.first_event
        END AS first_answered
    FROM (
        SELECT
            *,
            CASE WHEN attempted_at IS NOT NULL THEN
                ROW(attempted_at, attempted_source, attempted_id, attempted_class, $1::bigint, attempted_app, attempted_label)
                ::headroom.first_event
            END AS first_attempted
        FROM pg_temp.staged_usage
    ) AS with_attempted
) AS with_answered
ORDER BY contract_id, month, subject, via_app
ON CONFLICT (contract_id, month, subject, via_app) DO UPDATE SET
    requests = usage.requests + excluded.requests,
    attempted_requests = usage.attempted_requests + excluded.attempted_requests,
    answered_requests = usage.answered_requests + excluded.answered_requests,
    delivered_requests = usage.delivered_requests + excluded.delivered_requests,
    attempted_days = usage.attempted_days | excluded.attempted_days,
    answered_days = usage.answered_days | excluded.answered_days,
    delivered_days = usage.delivered_days | excluded.delivered_days,
    last_seen = greatest(usage.last_seen, excluded.last_seen),
    first_attempted = least(usage.first_attempted, excluded.first_attempted),
    first_answered = least(usage.first_answered, excluded.first_answered),
    first_delivered = least(usage.first_delivered, excluded.first_delivered);
