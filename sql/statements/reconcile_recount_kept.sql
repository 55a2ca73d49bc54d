-- SPDX-License-Identifier: MIT
-- What is kept of a month beside its count, against the raw events.
-- $1 contract_id bigint; $2 month date.
-- Columns: name, expected (none), found (rows that differ), state ('pass', 'fail').
SELECT kept.name, 0 AS expected, kept.differing AS found,
    CASE WHEN kept.differing = 0 THEN 'pass' ELSE 'fail' END AS state
FROM headroom.recount_kept($1::bigint, $2::date) AS kept;
