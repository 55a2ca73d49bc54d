-- SPDX-License-Identifier: MIT
-- The month's checks of counts, and in every row what all checks come to, those of money too.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see checks.json.
WITH counts AS MATERIALIZED (
    SELECT c.*
    FROM headroom.book_checks($1::bigint, $2::date, $3::timestamptz) AS c
),
master AS MATERIALIZED (
    SELECT
        count(*) FILTER (WHERE every.state = 'fail') AS fails,
        count(*) FILTER (WHERE every.state = 'warn') AS warns,
        count(*) FILTER (WHERE every.state = 'pass') AS passes,
        count(*) FILTER (WHERE every.state = 'not run') AS not_run
    FROM (
        SELECT state FROM counts
        UNION ALL
        SELECT state FROM headroom.book_money_checks($1::bigint, $2::date, $3::timestamptz)
    ) AS every
)
SELECT
    counts.name,
    counts.expected,
    counts.found,
    counts.found - counts.expected AS difference,
    counts.state,
    CASE WHEN counts.state <> 'not run' THEN counts.weight END AS weight,
    counts.proves,
    counts.remedy,
    CASE WHEN master.fails > 0 THEN 'fail' WHEN master.warns > 0 THEN 'warn' ELSE 'pass' END AS master,
    CASE
        WHEN master.fails > 0 THEN 'CHECKS FAIL: do not use these figures, see sheet Checks'
        WHEN master.warns > 0 THEN 'CHECKS WARN: look at sheet Checks before you sign'
        ELSE 'CHECKS PASS: all that could be made, see sheet Checks'
    END AS master_words,
    master.fails,
    master.warns,
    master.passes,
    master.not_run
FROM counts
CROSS JOIN master
ORDER BY counts.place;
