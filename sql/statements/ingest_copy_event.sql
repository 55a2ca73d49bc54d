-- SPDX-License-Identifier: MIT
-- Takes in events that are not there yet; one that is there ends it with unique_violation. Rows in the order of the
-- unique key.
COPY headroom.event (
    occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal, position, status,
    tweet_count, endpoint, outcome, rate_limit, rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics)
FROM STDIN (FORMAT binary);
