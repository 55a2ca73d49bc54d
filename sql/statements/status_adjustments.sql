-- SPDX-License-Identifier: MIT
-- The adjustments of a month: those that a closed one carries, else those that the next close would carry with it.
-- $1 contract_id bigint; $2 month date; $3 charge numeric, $4 its currency: of the month's status.
-- Columns: month as '2026-10', unique_handles bigint, amount (text, with the currency's digits), currency; due: the
-- charge and all of them that are in its currency.
SELECT
    to_char(month, 'YYYY-MM') AS month, unique_handles, headroom.money(amount, currency) AS amount, currency,
    headroom.money($3::numeric + coalesce(sum(amount) FILTER (WHERE currency = $4::text) OVER (), 0), $4::text) AS due
FROM headroom.adjustments($1::bigint, $2::date)
ORDER BY month;
