-- SPDX-License-Identifier: MIT
-- The adjustments of a month: those that a closed one carries, else those that the next close would carry with it.
-- $1 contract_id bigint; $2 month date; $3 charge numeric: of the month's status.
-- Columns: month as '2026-10', unique_handles bigint, amount (text, with the currency's digits); due: the charge and
-- all of them.
SELECT
    to_char(month, 'YYYY-MM') AS month, unique_handles, headroom.money(amount, currency) AS amount,
    headroom.money($3::numeric + sum(amount) OVER (), currency) AS due
FROM headroom.adjustments($1::bigint, $2::date)
ORDER BY month;
