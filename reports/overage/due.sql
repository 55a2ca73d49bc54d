-- SPDX-License-Identifier: MIT
-- The month's charge with its adjustments that are in its currency. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    status.charge,
    headroom.money(adjusted.amount, status.currency) AS adjustments,
    headroom.money(status.charge::numeric + adjusted.amount, status.currency) AS due
FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS amount
    FROM headroom.adjustments($1::bigint, $2::date) AS a
    WHERE a.currency = status.currency
) AS adjusted;
