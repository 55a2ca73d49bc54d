-- SPDX-License-Identifier: MIT
-- The month's charge with its adjustments that are in its currency. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    headroom.money(ours.charge, ours.currency) AS charge,
    headroom.money(adjusted.amount, ours.currency) AS adjustments,
    headroom.money(ours.charge + adjusted.amount, ours.currency) AS due
FROM headroom.invoice_ours($1::bigint, $2::date, $3::timestamptz) AS ours
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS amount
    FROM headroom.adjustments($1::bigint, $2::date) AS a
    WHERE a.currency = ours.currency
) AS adjusted;
