-- SPDX-License-Identifier: MIT
-- Whether the vendor's documents of the month say what we say. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see summary.json.
SELECT
    CASE WHEN checked.documents > 0 THEN checked.result END AS compared,
    CASE
        WHEN checked.documents > 0 THEN NULL
        WHEN checked.state = 'open' THEN 'not yet'
        WHEN checked.charge = 0 THEN 'none due'
        ELSE 'no invoice'
    END AS waiting,
    CASE
        WHEN checked.documents > 0 THEN
            format('The vendor says %s handles and %s %s; theirs less ours: %s and %s %s.',
                checked.invoiced_handles, headroom.money(checked.invoiced_amount, checked.currency), checked.currency,
                checked.handles_difference, headroom.money(checked.amount_difference, checked.currency),
                checked.currency)
        WHEN checked.state = 'open' THEN 'The month still runs.'
        WHEN checked.charge = 0 THEN 'The month costs nothing, and none is taken down.'
        ELSE 'No invoice of this month is taken down.'
    END AS words
FROM headroom.invoice_check($1::bigint, $2::date, $3::timestamptz) AS checked;
