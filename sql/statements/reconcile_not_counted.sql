-- SPDX-License-Identifier: MIT
-- The month's requests that are not counted, by reason, the most frequent first.
-- $1 contract_id bigint; $2 month date. Columns: reason, requests bigint.
SELECT why.reason, sum(daily.requests)::bigint AS requests
FROM headroom.period($1::bigint, $2::date) AS period
JOIN headroom.term AS term ON term.term_id = period.term_id
JOIN headroom.daily AS daily ON daily.contract_id = $1::bigint AND daily.month = $2::date
CROSS JOIN LATERAL (
    SELECT headroom.not_counted_reason(term.counting, daily.via_app, daily.ownerless, daily.class) AS reason
) AS why
WHERE why.reason IS NOT NULL
GROUP BY why.reason
ORDER BY requests DESC, why.reason;
