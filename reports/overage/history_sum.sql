-- SPDX-License-Identifier: MIT
-- The money of the months of History that are in the report's currency, added up. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see history.json.
SELECT
    headroom.money(sum(past.charge), term.currency) AS charge,
    headroom.money(sum(past.invoiced_amount), term.currency) AS invoiced_amount,
    headroom.money(sum(past.invoiced_amount - past.charge), term.currency) AS variance,
    headroom.money(sum(past.adjustment), term.currency) AS adjustment,
    headroom.money(sum(past.charge + past.adjustment), term.currency) AS due
FROM headroom.stated_term($1::bigint, $2::date) AS term
LEFT JOIN headroom.past_months(
    $1::bigint, ($2::date - INTERVAL '23 months')::date, $2::date, $3::timestamptz) AS past
    ON past.currency = term.currency
GROUP BY term.currency;
