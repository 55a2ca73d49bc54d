-- SPDX-License-Identifier: MIT
-- Where other terms would begin to hold from a billing month on.
-- $1 contract_id bigint; $2 month date; $3 billing_day integer (null: as it is).
-- Columns: valid_from: of the terms in force for the month; begins: whether the month is the first they act in;
-- first: whether the contract has none before them; new_from: the date on which the month begins with that billing day.
SELECT
    term.valid_from,
    period.month IS NULL OR before.term_id <> term.term_id AS begins,
    NOT EXISTS (
        SELECT
        FROM headroom.term_in_force AS earlier
        WHERE earlier.contract_id = $1::bigint AND earlier.valid_from < term.valid_from) AS first,
    headroom.billing_date($2::date, coalesce($3::integer, term.billing_day)) AS new_from
FROM headroom.term_of($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.term_of($1::bigint, ($2::date - INTERVAL '1 month')::date) AS before
LEFT JOIN LATERAL headroom.period($1::bigint, ($2::date - INTERVAL '1 month')::date) AS period ON true;
