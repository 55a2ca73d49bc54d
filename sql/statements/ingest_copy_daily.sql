-- SPDX-License-Identifier: MIT
-- A batch's requests by day.
COPY headroom.daily (
    batch_id, contract_id, month, day, source, via_app, ownerless, class, endpoint, outcome, requests, failed_tweets,
    rate_limited, rate_remaining_min, rate_limit_max)
FROM STDIN (FORMAT binary);
