-- SPDX-License-Identifier: MIT
-- A batch's use of the rate limit by minute and app.
COPY headroom.rate_minute (
    batch_id, contract_id, minute, app, requests, rate_limited, rate_remaining_min, rate_limit_max)
FROM STDIN (FORMAT binary);
