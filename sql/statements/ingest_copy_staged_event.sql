-- SPDX-License-Identifier: MIT
-- Takes events to the staging table, from which only the new ones go on. Rows in the order of the unique key.
COPY pg_temp.staged_event (
    occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal, position, status,
    tweet_count, endpoint, outcome, rate_limit, rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics)
FROM STDIN (FORMAT binary);
