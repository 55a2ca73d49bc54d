-- SPDX-License-Identifier: MIT
-- The months of a contract that have a statement, in order.
-- $1 contract_id bigint. Columns: month (a date).
SELECT to_char(month, 'YYYY-MM-DD') AS month
FROM headroom.statement_months($1::bigint, now());
