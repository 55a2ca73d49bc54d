-- SPDX-License-Identifier: MIT
-- Up to 24 months up to the report's: what each used and cost as it is stated, what was forecast, what the vendor says.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see history.json.
SELECT
    to_char(past.month, 'YYYY-MM') AS month,
    past.state,
    CASE
        WHEN past.month = $2::date THEN 'this'
        WHEN past.currency <> term.currency THEN 'other currency'
        ELSE 'earlier'
    END AS place,
    past.unique_handles,
    past.unit_limit,
    past.overage,
    past.currency,
    headroom.money(past.charge, past.currency) AS charge,
    said.forecast,
    coalesce(to_char(said.said_on, 'YYYY-MM-DD'), 'none') AS said_on,
    error.handles AS error,
    error.handles::double precision / nullif(past.unique_handles, 0) AS error_share,
    past.invoiced_handles,
    headroom.money(past.invoiced_amount, past.currency) AS invoiced_amount,
    past.invoiced_handles - past.unique_handles AS handles_variance,
    headroom.money(past.invoiced_amount - past.charge, past.currency) AS variance,
    headroom.money(past.adjustment, past.currency) AS adjustment,
    headroom.money(past.charge + past.adjustment, past.currency) AS due
FROM headroom.past_months(
    $1::bigint, ($2::date - INTERVAL '23 months')::date, $2::date, $3::timestamptz) AS past
CROSS JOIN headroom.stated_term($1::bigint, $2::date) AS term
LEFT JOIN LATERAL (
    SELECT f.said_on, round(f.p50)::bigint AS forecast
    FROM headroom.forecast_at_mid_month($1::bigint, past.month) AS f
) AS said ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN past.state <> 'open' THEN said.forecast - past.unique_handles END AS handles
) AS error
ORDER BY past.month;
