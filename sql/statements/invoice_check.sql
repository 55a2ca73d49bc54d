-- SPDX-License-Identifier: MIT
-- The vendor's figures of a month against ours.
-- $1 contract_id bigint; $2 month date.
-- Columns: those of headroom.invoice_check but seal_id, amounts as exact texts, latest as a date; month as
-- 2026-10; list_file: of the list in force, null without one.
SELECT
    to_char($2::date, 'YYYY-MM') AS month,
    c.state,
    c.rule,
    c.unique_handles,
    headroom.money(c.charge, c.currency) AS charge,
    c.currency,
    headroom.money(c.adjustment, c.currency) AS adjustment,
    c.documents,
    c.invoiced_handles,
    headroom.money(c.invoiced_amount, c.currency) AS invoiced_amount,
    c.handles_difference,
    headroom.money(c.amount_difference, c.currency) AS amount_difference,
    headroom.money(c.count_amount, c.currency) AS count_amount,
    headroom.money(c.price_amount, c.currency) AS price_amount,
    c.latest,
    c.list_id,
    (SELECT l.file FROM headroom.invoice_list AS l WHERE l.list_id = c.list_id) AS list_file,
    c.result
FROM headroom.invoice_check($1::bigint, $2::date, now()) AS c;
