-- SPDX-License-Identifier: MIT
-- The questions of which the month's count depends on the vendor's answer.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see reconciliation.json.
SELECT
    q.question,
    q.fewest,
    q.most,
    headroom.money(q.least_charge, status.currency) AS least_charge,
    headroom.money(q.highest_charge, status.currency) AS highest_charge
FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
CROSS JOIN LATERAL headroom.open_questions($1::bigint, $2::date, status.unique_handles, status.spread) AS q
ORDER BY q.place;
