-- SPDX-License-Identifier: MIT
-- What the sheet Engagement sums up, in one row; of a closed month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see engagement.json.
WITH stated AS MATERIALIZED (
    SELECT until.seq, headroom.absent_since(until.seq) AS absent, headroom.batches_after(until.seq) AS later
    FROM (SELECT headroom.stated_until($1::bigint, $2::date) AS seq) AS until
)
SELECT
    coalesce(sum(daily.requests) FILTER (WHERE daily.batch_id <> ALL (stated.absent)), 0) AS requests,
    coalesce(sum(daily.requests) FILTER (WHERE daily.batch_id = ANY (stated.absent)), 0) AS voided,
    coalesce(sum(daily.requests), 0) AS all_requests
FROM stated
LEFT JOIN headroom.daily AS daily
    ON daily.contract_id = $1::bigint
    AND daily.month = $2::date
    AND daily.batch_id <> ALL (stated.later);
