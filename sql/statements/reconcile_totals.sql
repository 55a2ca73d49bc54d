-- SPDX-License-Identifier: MIT
-- The control totals of a month, and what a person should look at; of a closed month as they were sealed.
-- $1 contract_id bigint; $2 month date; of its status: $3 requests, $4 counted_requests, $5 provisional bigint; $6 the
-- number of days whose count may be too low. Columns: name, expected, found, state ('pass', 'warn', 'fail').
SELECT name, expected, found, state
FROM headroom.sealed_checks($1::bigint, $2::date)
UNION ALL
SELECT checks.*
FROM (SELECT (headroom.seal_of($1::bigint, $2::date)).seal_id) AS seal
CROSS JOIN LATERAL (
    SELECT name, expected, found, state
    FROM headroom.month_totals($1::bigint, $2::date, $3::bigint, $4::bigint)
    UNION ALL
    SELECT name, 0, found, CASE WHEN found = 0 THEN 'pass' ELSE 'warn' END
    FROM (VALUES
        ('days that may be too low', $6::bigint),
        ('provisional subjects', $5::bigint)
    ) AS c (name, found)
) AS checks
WHERE seal.seal_id IS NULL;
