-- SPDX-License-Identifier: MIT
-- What of the month waits for somebody to decide it, the most pressing first.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz; $4 forecast jsonb; $5 checks jsonb; $6 money_checks jsonb.
-- Columns: see summary.json.
SELECT matter, until, words
FROM headroom.month_decisions(
    $1::bigint, $2::date, $3::timestamptz, ($4::jsonb ->> 'probability_over_limit')::double precision,
    $5::jsonb || $6::jsonb)
ORDER BY place, words COLLATE "C";
