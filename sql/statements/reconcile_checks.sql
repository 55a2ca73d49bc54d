-- SPDX-License-Identifier: MIT
-- The checks of a month: figures that must agree, found on two ways.
-- $1 contract_id bigint; $2 month date. Columns: name, expected, found, state ('pass', 'warn', 'fail').
SELECT name, expected, found, state
FROM headroom.month_checks($1::bigint, $2::date);
