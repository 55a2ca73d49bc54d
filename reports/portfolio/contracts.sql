-- SPDX-License-Identifier: MIT
-- Each contract, those at the highest risk first.
-- $1 contracts jsonb; $2 now timestamptz.
-- Columns: see layout.json.
SELECT
    p.contract,
    p.month,
    p.state,
    p.risk,
    p.unique_handles,
    p.unit_limit,
    p.unique_handles::double precision / NULLIF(p.unit_limit, 0) AS used_share,
    p.headroom,
    p.overage,
    p.forecast,
    p.low_end || ' – ' || p.high_end AS "interval",
    p.probability,
    p.charge,
    p.expected_charge,
    p.currency,
    p.data_until,
    p.grade || CASE WHEN p.silent IS NOT NULL THEN ', gone quiet' ELSE '' END AS grade,
    p.disputes
FROM headroom.portfolio($1::jsonb, $2::timestamptz) AS p
ORDER BY
    p.unit_limit IS NULL,
    p.probability DESC NULLS LAST,
    p.unique_handles::double precision / NULLIF(p.unit_limit, 0) DESC NULLS FIRST,
    p.contract COLLATE "C";
