-- SPDX-License-Identifier: MIT
-- The questions of which the month's count depends on the vendor's answer.
-- $1 contract_id bigint; $2 month date.
-- Columns: see reconciliation.json.
SELECT
    q.question,
    q.fewest,
    q.most,
    headroom.money(q.least_charge, term.currency) AS least_charge,
    headroom.money(q.highest_charge, term.currency) AS highest_charge
FROM headroom.stated_term($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.open_questions(
    $1::bigint, $2::date, headroom.stated_rule_counts($1::bigint, $2::date)) AS q
ORDER BY q.place;
