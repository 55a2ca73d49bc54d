-- SPDX-License-Identifier: MIT
-- How many of the month's events share an id with another, and how many of these pairs have two owners.
-- $1 contract_id bigint; $2 month date. Columns: name, expected, found, state ('pass', 'warn').
SELECT name, expected, found, state
FROM headroom.pair_checks($1::bigint, $2::date);
