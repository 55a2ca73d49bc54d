-- SPDX-License-Identifier: MIT
-- The billing month that is meant, and whether the contract has it.
-- $1 contract_id bigint; $2 'this', 'last', or the first day of a calendar month.
-- Columns: month (a date; null: no month is over yet), has_period.
WITH wanted AS (
    SELECT CASE $2::text
        WHEN 'this' THEN headroom.current_month($1::bigint, now())
        WHEN 'last' THEN headroom.last_over_month($1::bigint, now())
        ELSE $2::date
    END AS month
)
SELECT
    to_char(wanted.month, 'YYYY-MM-DD') AS month,
    EXISTS (SELECT 1 FROM headroom.period($1::bigint, wanted.month)) AS has_period
FROM wanted;
