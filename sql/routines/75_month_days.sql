-- SPDX-License-Identifier: MIT
-- The daily curve of a month, from the bits of days on which owners count.

-- All requests of each day of a month's uncut period, counted or not, in order; empty where it has no period.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.day_requests(of_contract bigint, of_month date)
RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN ARRAY(
        SELECT coalesce(sum(r.requests), 0)::bigint
        FROM headroom.period_days(of_contract, of_month) AS d
        LEFT JOIN headroom.daily AS r
            ON r.contract_id = of_contract
            AND r.month = of_month
            AND r.day = d.bit
        GROUP BY d.bit
        ORDER BY d.bit);
END
$$;

-- One row for each day of a month's period between two instants, in order.
--   of_month: the first day of the calendar month; from_at, until_at: where the period begins and ends, as cut;
--   patterns: different sets of days, as bits, for many owners have the same; owners: how many owners have each;
--   requests: of each day of the uncut period.
-- Columns: day: its date; bit: its number in the uncut period; starts_at: where it begins, as cut; new_handles: owners
-- counted on it for the first time in the month, which is the lowest bit of a set; cumulative: these up to its end;
-- seen: owners counted on it; requests: all of the day, counted or not.
CREATE FUNCTION headroom.day_curve(
    of_contract bigint, of_month date, from_at timestamptz, until_at timestamptz, patterns bigint[], owners bigint[],
    requests bigint[])
RETURNS TABLE (
    day date,
    "bit" smallint,
    starts_at timestamptz,
    new_handles bigint,
    cumulative bigint,
    seen bigint,
    requests_of_day bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 31
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH counts AS (
        SELECT
            d.day,
            d.bit,
            greatest(d.starts_at, from_at) AS starts_at,
            coalesce(sum(p.owners) FILTER (WHERE p.days & -p.days = 1::bigint << d.bit), 0)::bigint AS new_handles,
            coalesce(sum(p.owners), 0)::bigint AS seen
        FROM headroom.period_days(of_contract, of_month) AS d
        LEFT JOIN unnest(patterns, day_curve.owners) AS p (days, owners) ON p.days & (1::bigint << d.bit) <> 0
        WHERE greatest(d.starts_at, from_at) < least(d.ends_at, until_at)
        GROUP BY d.day, d.bit, d.starts_at
    )
    SELECT
        c.day,
        c.bit,
        c.starts_at,
        c.new_handles,
        (sum(c.new_handles) OVER (ORDER BY c.bit))::bigint,
        c.seen,
        requests[c.bit + 1]
    FROM counts AS c
    ORDER BY c.bit;
END
$$;

-- The daily curve of a month as it is counted now, one row for each day that the contract covers.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule. Columns: as day_curve.
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
    patterns bigint[];
    owners bigint[];
BEGIN
    SELECT r.class, r.with_app
    INTO STRICT rule
    FROM headroom.counting_rule AS r
    WHERE r.rule = of_rule;
    SELECT coalesce(array_agg(p.days), '{}'), coalesce(array_agg(p.owners), '{}')
    INTO patterns, owners
    FROM (
        SELECT o.days, count(*) AS owners
        FROM (
            SELECT bit_or(headroom.of_class(rule.class, u.attempted_days, u.answered_days, u.delivered_days)) AS days
            FROM headroom.owned_usage(of_contract, of_month) AS u
            WHERE u.owner <> '~app'
                AND (rule.with_app OR NOT u.via_app)
            GROUP BY u.owner
        ) AS o
        WHERE o.days <> 0
        GROUP BY o.days
    ) AS p;
    RETURN QUERY
    SELECT c.*
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN LATERAL headroom.day_curve(
        of_contract, of_month, p.starts_at, p.ends_at, patterns, owners,
        headroom.day_requests(of_contract, of_month)) AS c;
END
$$;
