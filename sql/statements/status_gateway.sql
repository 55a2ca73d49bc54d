-- SPDX-License-Identifier: MIT
-- How near a contract's month came to the vendor's rate limit, and what the gates decided in it. One row.
-- $1 contract_id bigint; $2 month date.
-- Columns: contract; of the busiest minute: minute (microseconds since the epoch), app, used (per cent of the
-- allowance, rounded up), rate_remaining, rate_limit; rate_limited (answers 429 in the month), limited_minutes; all of
-- these null where no answer said anything of the limit; refused, observed, unanswered: decisions of the gates, 0 where
-- there are none; allowed: handles.
SELECT
    c.name AS contract,
    headroom.epoch_us(r.minute) AS minute,
    r.app,
    ceil(100 * r.used)::bigint AS used,
    r.rate_remaining,
    r.rate_limit,
    r.rate_limited,
    r.limited_minutes,
    g.refused,
    g.observed,
    g.unanswered,
    (
        SELECT count(*)
        FROM headroom.gate_allowance AS a
        WHERE a.contract_id = $1::bigint
            AND a.month = $2::date
    ) AS allowed
FROM headroom.contract AS c
LEFT JOIN headroom.month_rate($1::bigint, $2::date) AS r ON true
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(d.decisions) FILTER (WHERE d.decision = 'refused'), 0)::bigint AS refused,
        coalesce(sum(d.decisions) FILTER (WHERE d.decision = 'observed'), 0)::bigint AS observed,
        coalesce(sum(d.decisions) FILTER (WHERE d.decision IN ('offline_passed', 'offline_refused')), 0)::bigint
            AS unanswered
    FROM headroom.gate_decisions($1::bigint, $2::date) AS d
) AS g
WHERE c.contract_id = $1::bigint;
