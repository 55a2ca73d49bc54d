-- SPDX-License-Identifier: MIT
-- The Tweets of the month that failed, by cause, the most frequent first, without those of voided batches; of a closed
-- month as when it was closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see engagement.json.
SELECT
    coalesce(failure.cause::text, 'other') AS cause,
    CASE
        WHEN failure.cause IS NULL THEN 'The log names a cause that is none of the vendor''s'
        ELSE headroom.outcome_words(failure.cause)
    END AS meaning,
    sum(failure.requests) AS requests,
    sum(failure.tweets) AS tweets
FROM headroom.daily_failure AS failure
WHERE failure.contract_id = $1::bigint
    AND failure.month = $2::date
    AND failure.batch_id
        <> ALL ((SELECT headroom.absent_since(headroom.stated_until($1::bigint, $2::date)))::bigint[])
GROUP BY failure.cause
ORDER BY tweets DESC, failure.cause;
