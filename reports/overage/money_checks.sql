-- SPDX-License-Identifier: MIT
-- The month's checks of money.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see checks.json.
SELECT
    c.name,
    headroom.money(c.expected, c.currency) AS expected,
    headroom.money(c.found, c.currency) AS found,
    headroom.money(c.found - c.expected, c.currency) AS difference,
    c.state,
    CASE WHEN c.state <> 'not run' THEN c.weight END AS weight,
    c.proves,
    c.remedy
FROM headroom.book_money_checks($1::bigint, $2::date, $3::timestamptz) AS c
ORDER BY c.place;
