-- SPDX-License-Identifier: MIT
-- All contracts together, in one row.
-- $1 contracts jsonb; $2 now timestamptz.
-- Columns: see layout.json.
SELECT
    $2::timestamptz AS made_at,
    to_char($2::timestamptz AT TIME ZONE z.time_zone, 'YYYY-MM-DD') AS day,
    z.time_zone,
    z.months,
    z.contracts,
    z.over,
    z.likely,
    z.unlimited,
    z.stale,
    encode(h.digest, 'hex') AS chain_head
FROM (
    SELECT
        CASE WHEN count(DISTINCT p.time_zone) = 1 THEN min(p.time_zone) ELSE 'UTC' END AS time_zone,
        min(p.month) || CASE WHEN min(p.month) < max(p.month) THEN ' to ' || max(p.month) ELSE '' END AS months,
        count(*) AS contracts,
        count(*) FILTER (WHERE p.risk = 'over') AS over,
        count(*) FILTER (WHERE p.risk = 'likely') AS likely,
        count(*) FILTER (WHERE p.risk = 'no limit') AS unlimited,
        CASE count(p.silent)
            WHEN 0 THEN NULL
            WHEN 1 THEN '1 contract has'
            ELSE count(p.silent) || ' contracts have'
        END AS stale
    FROM headroom.portfolio($1::jsonb, $2::timestamptz) AS p
) AS z
CROSS JOIN headroom.chain_head AS h;
