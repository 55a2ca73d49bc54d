-- SPDX-License-Identifier: MIT
-- A closed month as it is counted today, and how much of the difference later closes carried. One row; all null where
-- the month is not closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see reconciliation.json.
SELECT
    today.unique_handles,
    headroom.money(today.charge, seal.currency) AS charge,
    today.unique_handles - seal.unique_handles AS handles_difference,
    headroom.money(today.charge - seal.charge, seal.currency) AS charge_difference,
    carried.handles AS carried_handles,
    headroom.money(carried.amount, seal.currency) AS carried_amount,
    today.unique_handles - seal.unique_handles - carried.handles AS waiting_handles,
    headroom.money(today.charge - seal.charge - carried.amount, seal.currency) AS waiting_amount
FROM headroom.seal_of($1::bigint, $2::date) AS seal
LEFT JOIN LATERAL headroom.counts_today($1::bigint, $2::date) AS today ON seal.seal_id IS NOT NULL
LEFT JOIN LATERAL headroom.carried_of(seal.seal_id) AS carried ON seal.seal_id IS NOT NULL;
