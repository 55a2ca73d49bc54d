-- SPDX-License-Identifier: MIT
-- Adds the staged events that are not there yet, in the order of the unique key, so that two loaders of the same events
-- wait for each other instead of deadlocking: they were staged in it, and that is how a temporary table is read.
-- Column: ordinal of each event that was added.
INSERT INTO headroom.event (
    occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal, position, status,
    tweet_count, endpoint, outcome, rate_limit, rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics)
SELECT
    occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal, position, status,
    tweet_count, endpoint, outcome, rate_limit, rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics
FROM pg_temp.staged_event
ON CONFLICT DO NOTHING
RETURNING ordinal;
