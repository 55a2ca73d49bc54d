-- SPDX-License-Identifier: MIT
-- The days of a month, from the bits of days on which owners count.

-- The rows of sharing_usage under a rule, with all days on which their owner counts.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule.
-- Columns: subject; owner; days: the bits of these days, by whatever row.
-- What an owner has beside its shares is looked up, one by one: such owners are few, and a month without statistics
-- must not be joined to itself.
CREATE FUNCTION headroom.shared_usage(of_contract bigint, of_month date, of_rule text)
RETURNS TABLE (subject text, owner text, days bigint)
LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
SET jit = off
SET enable_nestloop = off
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
    WITH sharing AS MATERIALIZED (
        SELECT
            s.subject,
            s.owner,
            s.via_app,
            headroom.of_class(rule.class, s.attempted_days, s.answered_days, s.delivered_days) AS days
        FROM headroom.sharing_usage(of_contract, of_month) AS s
        WHERE rule.with_app
            OR NOT s.via_app
    ),
    total AS (
        SELECT s.owner, bit_or(s.days) AS days
        FROM sharing AS s
        GROUP BY s.owner
    ),
    own AS MATERIALIZED (
        SELECT t.owner, t.days | coalesce((
            SELECT headroom.of_class(rule.class, u.attempted_days, u.answered_days, u.delivered_days)
            FROM headroom.usage AS u
            WHERE u.contract_id = of_contract
                AND u.month = of_month
                AND u.subject = t.owner
                AND NOT u.via_app
                AND u.subject NOT IN (SELECT s.subject FROM sharing AS s WHERE NOT s.via_app)), 0) AS days
        FROM total AS t
    )
    SELECT s.subject, s.owner, o.days
    FROM sharing AS s
    JOIN own AS o ON o.owner = s.owner;
END
$$;

-- How many owners count on which days of a month: one row for each set of days that there is. Goes through all
-- subjects of the month.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule. days is never empty.
CREATE FUNCTION headroom.day_patterns(of_contract bigint, of_month date, of_rule text)
RETURNS TABLE (days bigint, owners bigint)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    of_class CONSTANT headroom.class := (SELECT r.class FROM headroom.counting_rule AS r WHERE r.rule = of_rule);
BEGIN
    RETURN QUERY
    WITH shared AS MATERIALIZED (
        SELECT s.* FROM headroom.shared_usage(of_contract, of_month, of_rule) AS s
    ),
    pattern AS (
        SELECT
            headroom.of_class(of_class, u.attempted_days, u.answered_days, u.delivered_days) AS days,
            count(*) AS owners
        FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND NOT u.via_app
            AND u.subject NOT IN (SELECT s.subject FROM shared AS s)
            AND u.subject NOT IN (SELECT s.owner FROM shared AS s)
        GROUP BY 1
        UNION ALL
        SELECT o.days, count(*)
        FROM (SELECT DISTINCT s.owner, s.days FROM shared AS s) AS o
        GROUP BY o.days
    )
    SELECT p.days, sum(p.owners)::bigint
    FROM pattern AS p
    WHERE p.days <> 0
    GROUP BY p.days;
END
$$;

-- From sets of days to days: for each of the 63 that a period may have, the owners that count on it for the first time
-- in the month, and all that count on it.
--   days: the sets, not empty; owners: how many have each. element k + 1 of the answers: day k.
CREATE FUNCTION headroom.day_counts(days bigint[], owners bigint[], OUT new_handles bigint[], OUT seen bigint[])
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    -- The lowest bit of a set is the first day of it.
    SELECT array_agg(b.new_handles ORDER BY b.bit), array_agg(b.seen ORDER BY b.bit)
    FROM (
        SELECT
            k.bit,
            coalesce(sum(p.owners) FILTER (WHERE p.days & -p.days = 1::bigint << k.bit), 0)::bigint AS new_handles,
            coalesce(sum(p.owners), 0)::bigint AS seen
        FROM generate_series(0, 62) AS k ("bit")
        LEFT JOIN unnest(days, owners) AS p (days, owners) ON p.days & (1::bigint << k.bit) <> 0
        GROUP BY k.bit
    ) AS b
$$;

-- The days of a month as they are listed, from figures by day: one row for each day of [from_at, until_at), in order.
--   of_month: the first day of the calendar month; new_handles, seen, requests: element k + 1 is day k.
-- Columns: day: its date; bit: its number in the uncut period; starts_at: where it begins, as cut; new_handles: owners
-- counted on it for the first time in the month; cumulative: these up to its end; seen: owners counted on it; requests:
-- all of the day, counted or not.
CREATE FUNCTION headroom.list_days(
    of_contract bigint, of_month date, from_at timestamptz, until_at timestamptz, new_handles bigint[], seen bigint[],
    requests bigint[])
RETURNS TABLE (
    day date,
    "bit" smallint,
    starts_at timestamptz,
    new_handles_of_day bigint,
    cumulative bigint,
    seen_on_day bigint,
    requests_of_day bigint)
LANGUAGE plpgsql STABLE ROWS 31
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        d.day,
        d.bit,
        greatest(d.starts_at, from_at),
        coalesce(list_days.new_handles[d.bit + 1], 0),
        coalesce(sum(list_days.new_handles[d.bit + 1]) OVER (ORDER BY d.bit), 0)::bigint,
        coalesce(list_days.seen[d.bit + 1], 0),
        coalesce(list_days.requests[d.bit + 1], 0)
    FROM headroom.period_days(of_contract, of_month) AS d
    WHERE greatest(d.starts_at, from_at) < least(d.ends_at, until_at)
    ORDER BY d.bit;
END
$$;

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

-- The days of a month as they are counted now. Goes through all subjects of the month. Columns: as list_days, with
-- new_handles, seen and requests.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule.
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
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.*
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN LATERAL (
        SELECT array_agg(d.days) AS days, array_agg(d.owners) AS owners
        FROM headroom.day_patterns(of_contract, of_month, of_rule) AS d
    ) AS pattern
    CROSS JOIN LATERAL headroom.day_counts(coalesce(pattern.days, '{}'), coalesce(pattern.owners, '{}')) AS c
    CROSS JOIN LATERAL headroom.list_days(
        of_contract, of_month, p.starts_at, p.ends_at, c.new_handles, c.seen,
        headroom.day_requests(of_contract, of_month)) AS l;
END
$$;
