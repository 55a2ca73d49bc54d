-- SPDX-License-Identifier: MIT
-- The events of a span of batches (the settings headroom.first_batch and headroom.last_batch), in any order: the batch,
-- the ordinal, the time in its binary form, then the rest of the canonical form as it is. EXTRACT would make a numeric
-- of the time, which costs as much as all else together; a setting that is not in a query of its own would be read
-- again for each row.
COPY (
    SELECT
        batch_id, ordinal, timestamptz_send(occurred_at), contract_id, source, event_id, subject,
        CASE WHEN via_app THEN 'app' ELSE 'user' END, class, status, tweet_count, endpoint, outcome, rate_limit,
        rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics, position
    FROM headroom.event
    WHERE batch_id BETWEEN (SELECT current_setting('headroom.first_batch')::bigint)
        AND (SELECT current_setting('headroom.last_batch')::bigint)
) TO STDOUT;
