-- SPDX-License-Identifier: MIT
-- The month's requests by what came of them and by endpoint, without those of voided batches; of a closed month as when
-- it was closed. Where the log says no outcome, the class is what is known of it.
-- $1 contract_id bigint; $2 month date.
-- Columns: see engagement.json.
SELECT
    coalesce(daily.outcome::text, 'not said: ' || daily.unsaid) AS outcome,
    CASE daily.unsaid
        WHEN 'delivered' THEN 'Answered with success, with at least one Tweet'
        WHEN 'answered' THEN 'Answered with success, but no Tweet was delivered'
        WHEN 'attempted' THEN 'Answered without success'
        WHEN 'not_attempted' THEN 'Refused with status 401 or 429'
        ELSE headroom.outcome_words(daily.outcome)
    END AS meaning,
    coalesce(sum(daily.requests) FILTER (WHERE daily.endpoint = 'totals'), 0) AS totals,
    coalesce(sum(daily.requests) FILTER (WHERE daily.endpoint = '28hr'), 0) AS last_28hr,
    coalesce(sum(daily.requests) FILTER (WHERE daily.endpoint = 'historical'), 0) AS historical,
    coalesce(sum(daily.requests) FILTER (WHERE daily.endpoint IS NULL), 0) AS not_said,
    sum(daily.requests) AS requests
FROM (
    SELECT d.outcome, CASE WHEN d.outcome IS NULL THEN d.class END AS unsaid, d.endpoint, d.requests
    FROM headroom.daily AS d
    WHERE d.contract_id = $1::bigint
        AND d.month = $2::date
        AND d.batch_id <> ALL ((SELECT headroom.absent_since(headroom.stated_until($1::bigint, $2::date)))::bigint[])
) AS daily
GROUP BY daily.outcome, daily.unsaid
ORDER BY daily.outcome NULLS LAST, daily.unsaid DESC;
