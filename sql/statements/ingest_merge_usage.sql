-- SPDX-License-Identifier: MIT
-- Merges the staged usage of a batch into the maintained one, in the order of its key: that in which it was staged,
-- which is how a temporary table is read. Mostly what is there has its first events already, and all are before the
-- batch's.
-- $1 batch_id bigint.
-- Columns: the key of each row, month as days since 1970-01-01; and its requests by class, now.
INSERT INTO headroom.usage AS usage (
    contract_id, month, subject, via_app, requests, attempted_requests, answered_requests, delivered_requests,
    attempted_days, answered_days, delivered_days, last_seen, endpoints, first_attempted, first_answered,
    first_delivered)
SELECT
    contract_id, month, subject, via_app, requests, attempted_requests, answered_requests, delivered_requests,
    attempted_days, answered_days, delivered_days, last_seen, endpoints,
    CASE WHEN attempted_at IS NOT NULL THEN
        ROW(attempted_at, attempted_source, attempted_id, attempted_class, $1::bigint, attempted_app, attempted_label)
        ::headroom.first_event
    END,
    CASE WHEN answered_at IS NOT NULL THEN
        ROW(answered_at, answered_source, answered_id, answered_class, $1::bigint, answered_app, answered_label)
        ::headroom.first_event
    END,
    CASE WHEN delivered_at IS NOT NULL THEN
        ROW(delivered_at, delivered_source, delivered_id, delivered_class, $1::bigint, delivered_app, delivered_label)
        ::headroom.first_event
    END
FROM pg_temp.staged_usage
ON CONFLICT (contract_id, month, subject, via_app) DO UPDATE SET
    requests = usage.requests + excluded.requests,
    attempted_requests = usage.attempted_requests + excluded.attempted_requests,
    answered_requests = usage.answered_requests + excluded.answered_requests,
    delivered_requests = usage.delivered_requests + excluded.delivered_requests,
    attempted_days = usage.attempted_days | excluded.attempted_days,
    answered_days = usage.answered_days | excluded.answered_days,
    delivered_days = usage.delivered_days | excluded.delivered_days,
    last_seen = greatest(usage.last_seen, excluded.last_seen),
    endpoints = usage.endpoints | excluded.endpoints,
    first_attempted = CASE
        WHEN usage.delivered_requests > 0
            AND (coalesce(usage.first_delivered, usage.first_answered, usage.first_attempted)).occurred_at
                < (excluded.first_attempted).occurred_at
        THEN usage.first_attempted
        ELSE least(usage.first_attempted, excluded.first_attempted)
    END,
    first_answered = CASE
        WHEN usage.delivered_requests > 0
            AND (coalesce(usage.first_delivered, usage.first_answered, usage.first_attempted)).occurred_at
                < (excluded.first_attempted).occurred_at
        THEN usage.first_answered
        ELSE nullif(
            least(
                headroom.first_of(usage.answered_requests, usage.first_answered, usage.first_attempted),
                headroom.first_of(excluded.answered_requests, excluded.first_answered, excluded.first_attempted)),
            least(usage.first_attempted, excluded.first_attempted))
    END,
    first_delivered = CASE
        WHEN usage.delivered_requests > 0
            AND (coalesce(usage.first_delivered, usage.first_answered, usage.first_attempted)).occurred_at
                < (excluded.first_attempted).occurred_at
        THEN usage.first_delivered
        ELSE nullif(
            least(
                headroom.first_of(
                    usage.delivered_requests, usage.first_delivered,
                    coalesce(usage.first_answered, usage.first_attempted)),
                headroom.first_of(
                    excluded.delivered_requests, excluded.first_delivered,
                    coalesce(excluded.first_answered, excluded.first_attempted))),
            least(
                headroom.first_of(usage.answered_requests, usage.first_answered, usage.first_attempted),
                headroom.first_of(excluded.answered_requests, excluded.first_answered, excluded.first_attempted)))
    END
RETURNING
    contract_id, month - DATE '1970-01-01' AS month, subject, via_app, attempted_requests, answered_requests,
    delivered_requests;
