-- SPDX-License-Identifier: MIT
-- The quarters and years that the months of History touch, each with the owners that count in any of its months.
-- $1 contract_id bigint; $2 month date.
-- Columns: see history.json.
SELECT
    span.span,
    to_char(span.first_month, 'YYYY-MM') AS first_month,
    to_char(span.last_month, 'YYYY-MM') AS last_month,
    format('%s of %s', span.months, CASE span.kind WHEN 'quarter' THEN 3 ELSE 12 END) AS months,
    span.unique_handles,
    span.handle_months,
    CASE WHEN span.first_month >= $2::date - INTERVAL '23 months' THEN 'listed' ELSE 'earlier' END AS place,
    span.handle_months - span.unique_handles AS counted_again
FROM headroom.span_uniques($1::bigint, ($2::date - INTERVAL '23 months')::date, $2::date) AS span;
