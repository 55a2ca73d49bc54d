-- SPDX-License-Identifier: MIT
-- Who is on the vendor's list of handles and not on ours, and the other way round, by cause.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    m.cause,
    count(*) AS handles,
    CASE m.place WHEN 'ours' THEN 'only ours' ELSE 'only the vendor''s' END AS side,
    min(m.words) AS words,
    array_to_string((array_agg(coalesce(m.handle, m.owner) ORDER BY m.owner COLLATE "C", m.line))[1:5], ', ')
        || CASE WHEN count(*) > 5 THEN ' …' ELSE '' END AS handles_words
FROM headroom.invoice_check($1::bigint, $2::date, $3::timestamptz) AS checked
CROSS JOIN LATERAL headroom.invoice_matches(
    $1::bigint, $2::date, checked.list_id, checked.latest, $3::timestamptz) AS m
WHERE checked.list_id IS NOT NULL
    AND m.place <> 'both'
GROUP BY m.place, m.cause
ORDER BY m.place, count(*) DESC, m.cause COLLATE "C";
