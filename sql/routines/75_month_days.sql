-- SPDX-License-Identifier: MIT
-- The daily curve of a month, from the bits of the usage's days.

-- One row for each day of a month's period that the contract covers, in order.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule.
-- Columns: day: its date; bit: its number in the uncut period; starts_at: where it begins, as cut; new_handles: owners
-- counted on it for the first time in the month; cumulative: these up to its end; seen: owners counted on it; requests:
-- all of the day, counted or not.
CREATE FUNCTION headroom.month_days(of_contract bigint, of_month date, of_rule text)
RETURNS TABLE (
    day date,
    "bit" smallint,
    starts_at timestamptz,
    new_handles bigint,
    cumulative bigint,
    seen bigint,
    requests bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 31
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    rule record;
BEGIN
    SELECT r.class, r.with_app
    INTO STRICT rule
    FROM headroom.counting_rule AS r
    WHERE r.rule = of_rule;
    RETURN QUERY
    WITH span AS (
        SELECT d.day, d.bit, greatest(d.starts_at, p.starts_at) AS starts_at
        FROM headroom.period(of_contract, of_month) AS p
        CROSS JOIN headroom.period_days(of_contract, of_month) AS d
        WHERE greatest(d.starts_at, p.starts_at) < least(d.ends_at, p.ends_at)
    ),
    owner_days AS (
        SELECT bit_or(headroom.of_class(rule.class, o.attempted_days, o.answered_days, o.delivered_days)) AS days
        FROM headroom.owned_usage(of_contract, of_month) AS o
        WHERE o.owner <> '~app'
            AND (rule.with_app OR NOT o.via_app)
        GROUP BY o.owner
    ),
    -- Many owners have the same days; and the lowest bit of a set is the first day of it.
    pattern AS (
        SELECT o.days, o.days & -o.days AS first_day, count(*) AS owners
        FROM owner_days AS o
        WHERE o.days <> 0
        GROUP BY o.days
    ),
    daily AS (
        SELECT d.day AS bit, sum(d.requests)::bigint AS requests
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
        GROUP BY d.day
    ),
    counts AS (
        SELECT
            s.day,
            s.bit,
            s.starts_at,
            coalesce(sum(p.owners) FILTER (WHERE p.first_day = 1::bigint << s.bit), 0)::bigint AS new_handles,
            coalesce(sum(p.owners), 0)::bigint AS seen
        FROM span AS s
        LEFT JOIN pattern AS p ON p.days & (1::bigint << s.bit) <> 0
        GROUP BY s.day, s.bit, s.starts_at
    )
    SELECT
        c.day,
        c.bit,
        c.starts_at,
        c.new_handles,
        (sum(c.new_handles) OVER (ORDER BY c.bit))::bigint,
        c.seen,
        coalesce(d.requests, 0)
    FROM counts AS c
    LEFT JOIN daily AS d USING (bit)
    ORDER BY c.bit;
END
$$;
