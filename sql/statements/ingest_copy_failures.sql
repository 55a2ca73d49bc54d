-- SPDX-License-Identifier: MIT
-- A batch's failed Tweets by day and cause.
COPY headroom.daily_failure (batch_id, contract_id, month, day, cause, requests, tweets)
FROM STDIN (FORMAT binary);
