-- SPDX-License-Identifier: MIT
-- The month's requests by what became of them: those that count, then those that do not, the most frequent first.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see layout.json.
WITH fate AS (
    SELECT 1 AS part, 'counted' AS reason, status.counted_requests AS requests, status.rule
    FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
    UNION ALL
    SELECT 2, reason, requests, NULL
    FROM headroom.stated_not_counted($1::bigint, $2::date)
)
SELECT
    CASE reason
        WHEN 'counted' THEN format('Count under the rule "%s"', rule)
        ELSE headroom.reason_words(reason)
    END AS meaning,
    reason,
    requests
FROM fate
ORDER BY part, requests DESC, reason COLLATE "C";
