-- SPDX-License-Identifier: MIT
-- A batch's added events by what they count for under the terms in force.
-- $1 batch_id bigint. Columns: reason (null: counted), requests.
WITH batch_sums AS MATERIALIZED (
    SELECT contract_id, month, via_app, ownerless, class, sum(requests) AS requests
    FROM headroom.daily
    WHERE batch_id = $1::bigint
    GROUP BY contract_id, month, via_app, ownerless, class
),
-- Once for each month, however the rows are joined: a batch may have those of many contracts.
month_terms AS MATERIALIZED (
    SELECT months.contract_id, months.month, (headroom.term_of(months.contract_id, months.month)).counting AS counting
    FROM (SELECT DISTINCT contract_id, month FROM batch_sums WHERE month IS NOT NULL) AS months
)
SELECT
    headroom.not_counted_reason(
        month_terms.counting, batch_sums.via_app, batch_sums.ownerless, batch_sums.class) AS reason,
    sum(batch_sums.requests)::bigint AS requests
FROM batch_sums
LEFT JOIN month_terms USING (contract_id, month)
GROUP BY reason
ORDER BY reason;
