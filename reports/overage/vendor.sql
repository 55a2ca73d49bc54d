-- SPDX-License-Identifier: MIT
-- Our figures of the month and the vendor's: what it charged, credits taken away. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    checked.unique_handles,
    headroom.money(checked.charge, checked.currency) AS charge,
    CASE checked.state
        WHEN 'closed' THEN 'As the month was sealed.'
        ELSE 'As it is counted now: the month is not closed.'
    END AS ours_words,
    theirs.handles AS invoiced_handles,
    headroom.money(theirs.amount, checked.currency) AS invoiced_amount,
    theirs.handles - checked.unique_handles AS handles_difference,
    headroom.money(theirs.amount - checked.charge, checked.currency) AS amount_difference,
    headroom.money(theirs.amount - checked.price_amount, checked.currency) AS at_our_price,
    headroom.money(theirs.count_amount, checked.currency) AS count_amount,
    headroom.money(theirs.price_amount, checked.currency) AS price_amount,
    CASE WHEN checked.documents = 0 THEN 'No invoice, and so no difference.' ELSE 'The figures agree.' END
        AS causes_empty,
    CASE
        WHEN checked.list_id IS NULL THEN 'No list of the vendor is on record.'
        ELSE 'Both lists hold the same handles.'
    END AS listed_empty,
    CASE
        WHEN answered.answers = 0 THEN 'no answer of the vendor is on record'
        ELSE format('the answers on record (%s) are on sheet Inputs', answered.answers)
    END AS answers_words
FROM headroom.invoice_check($1::bigint, $2::date, $3::timestamptz) AS checked
LEFT JOIN LATERAL (
    SELECT checked.invoiced_handles, checked.invoiced_amount, checked.count_amount, checked.price_amount
) AS theirs (handles, amount, count_amount, price_amount) ON checked.documents > 0
CROSS JOIN (
    SELECT count(*) AS answers
    FROM headroom.contract_answer AS a
    WHERE a.contract_id = $1::bigint
) AS answered;
