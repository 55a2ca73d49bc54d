-- SPDX-License-Identifier: MIT
-- What a month's statement says beside its status: what each count would cost, what another reading of the month would
-- count, and the months there are. Reads no events.

-- What a month costs with so many unique handles, under its terms; 0 without a limit.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.month_charge(of_contract bigint, of_month date, unique_handles bigint)
RETURNS numeric
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN headroom.charge(
        of_contract, of_month,
        greatest(unique_handles - coalesce(headroom.unit_limit(of_contract, of_month), unique_handles), 0));
END
$$;

-- What the six rules count, and the difference to the rule of the terms, in handles and in money.
--   spread: the unique handles under each rule, by the place of counting_rule, as in month_status.
CREATE FUNCTION headroom.month_spread(of_contract bigint, of_month date, spread bigint[])
RETURNS TABLE (
    rule text, unique_handles bigint, difference bigint, charge numeric, charge_difference numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 6
AS $$
#variable_conflict use_column
DECLARE
    chosen CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
BEGIN
    RETURN QUERY
    WITH priced AS MATERIALIZED (
        SELECT
            r.place, r.rule, spread[r.place] AS owners, headroom.month_charge(of_contract, of_month, spread[r.place])
                AS charge
        FROM headroom.counting_rule AS r
    )
    SELECT p.rule, p.owners, p.owners - own.owners, p.charge, p.charge - own.charge
    FROM priced AS p
    JOIN priced AS own ON own.rule = chosen
    ORDER BY p.place;
END
$$;

-- The requests of a month that nobody authenticated and that name no owner. Each of those that the rule's class counts
-- may stand for one more handle, so many at most. One row; those of voided batches are left out.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.month_app_only(
    of_contract bigint, of_month date, OUT requests bigint, OUT at_most bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
    voided CONSTANT bigint[] := headroom.voided_batches();
BEGIN
    SELECT
        coalesce(sum(d.requests), 0),
        coalesce(sum(d.requests) FILTER (WHERE d.class >= r.class), 0)
    INTO requests, at_most
    FROM headroom.daily AS d
    CROSS JOIN headroom.counting_rule AS r
    WHERE d.contract_id = of_contract
        AND d.month = of_month
        AND d.ownerless
        AND d.batch_id <> ALL (voided)
        AND r.rule = term.counting;
END
$$;

-- The owners that count on one of some days of a month as it is counted now, without their evidence.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule; edge_days: the bits of these days,
--   -1: any.
-- Columns: owner; days: all on which it counts in the month.
CREATE FUNCTION headroom.owners_on(of_contract bigint, of_month date, of_rule text, edge_days bigint)
RETURNS TABLE (owner text, days bigint)
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
    )
    SELECT DISTINCT s.owner, s.days
    FROM shared AS s
    WHERE s.days & edge_days <> 0
    UNION ALL
    SELECT u.subject, d.days
    FROM headroom.usage AS u
    CROSS JOIN LATERAL (
        SELECT headroom.of_class(of_class, u.attempted_days, u.answered_days, u.delivered_days) AS days) AS d
    WHERE u.contract_id = of_contract
        AND u.month = of_month
        AND NOT u.via_app
        AND d.days & edge_days <> 0
        AND u.subject NOT IN (SELECT s.subject FROM shared AS s)
        AND u.subject NOT IN (SELECT s.owner FROM shared AS s);
END
$$;

-- Those of some owners that count in a month, in no order.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule; owners: different ones.
CREATE FUNCTION headroom.counted_of(of_contract bigint, of_month date, of_rule text, owners text[])
RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET jit = off
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    of_class CONSTANT headroom.class := (SELECT r.class FROM headroom.counting_rule AS r WHERE r.rule = of_rule);
BEGIN
    RETURN ARRAY(
        WITH shared AS MATERIALIZED (
            SELECT s.* FROM headroom.shared_usage(of_contract, of_month, of_rule) AS s
        )
        SELECT o.owner
        FROM unnest(owners) AS o (owner)
        WHERE CASE
            WHEN o.owner IN (SELECT s.owner FROM shared AS s)
                THEN o.owner IN (SELECT s.owner FROM shared AS s WHERE s.days <> 0)
            WHEN o.owner IN (SELECT s.subject FROM shared AS s) THEN false
            ELSE coalesce((
                SELECT headroom.of_class(of_class, u.attempted_days, u.answered_days, u.delivered_days) <> 0
                FROM headroom.usage AS u
                WHERE u.contract_id = of_contract
                    AND u.month = of_month
                    AND u.subject = o.owner
                    AND NOT u.via_app), false)
        END);
END
$$;

-- How many of some owners count in a month: as counted_of.
CREATE FUNCTION headroom.counted_among(of_contract bigint, of_month date, of_rule text, owners text[])
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN cardinality(headroom.counted_of(of_contract, of_month, of_rule, owners));
END
$$;

-- The first and the last day of a month that the contract covers, as bits. No row where the month has no period.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.edge_days(of_contract bigint, of_month date)
RETURNS TABLE (first_day bigint, last_day bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
BEGIN
    RETURN QUERY
    SELECT 1::bigint << min(d.bit), 1::bigint << max(d.bit)
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN headroom.period_days(of_contract, of_month) AS d
    WHERE greatest(d.starts_at, p.starts_at) < least(d.ends_at, p.ends_at)
    HAVING count(*) > 0;
END
$$;

-- What another time zone would move over the ends of a month: at most the owners within a day of either end, under the
-- rule of the terms. Goes through all subjects of the month and of both beside it.
--   of_month: the first day of the calendar month.
-- Columns: side: 'start' or 'end'; leave: owners that count on the day inside of it only, and would leave the month if
-- it lay a day further in; come: owners that count on the day outside of it, in the month before or after, and not in
-- this one, and would come if it lay a day further out.
CREATE FUNCTION headroom.month_moves(of_contract bigint, of_month date)
RETURNS TABLE (side text, leave bigint, come bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
DECLARE
    rule CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
    month_before CONSTANT date := (of_month - INTERVAL '1 month')::date;
    month_after CONSTANT date := (of_month + INTERVAL '1 month')::date;
BEGIN
    RETURN QUERY
    WITH inside AS (
        SELECT
            coalesce(sum(d.owners) FILTER (WHERE d.days = e.first_day), 0)::bigint AS at_start,
            coalesce(sum(d.owners) FILTER (WHERE d.days = e.last_day), 0)::bigint AS at_end
        FROM headroom.edge_days(of_contract, of_month) AS e
        CROSS JOIN headroom.day_patterns(of_contract, of_month, rule) AS d
    ),
    before AS (
        SELECT array_agg(o.owner) AS owners
        FROM headroom.edge_days(of_contract, month_before) AS e
        CROSS JOIN LATERAL headroom.owners_on(of_contract, month_before, rule, e.last_day) AS o
    ),
    after AS (
        SELECT array_agg(o.owner) AS owners
        FROM headroom.edge_days(of_contract, month_after) AS e
        CROSS JOIN LATERAL headroom.owners_on(of_contract, month_after, rule, e.first_day) AS o
    )
    SELECT
        b.side,
        b.leave,
        coalesce(
            cardinality(b.outside) - headroom.counted_among(of_contract, of_month, rule, b.outside), 0)::bigint
    FROM inside, before, after
    CROSS JOIN LATERAL (VALUES
        ('start', inside.at_start, before.owners),
        ('end', inside.at_end, after.owners)
    ) AS b (side, leave, outside);
END
$$;

-- The boundary of a month as its statement says it: what another time zone would move, and what that would cost.
--   of_month: the first day of the calendar month; counted: its unique handles under the rule of the terms.
-- Columns: side, leave, come: see month_moves; at: that end of the period; what either would add to the charge.
CREATE FUNCTION headroom.month_boundary(of_contract bigint, of_month date, counted bigint)
RETURNS TABLE (
    side text, at timestamptz, leave bigint, come bigint, leave_charge numeric, come_charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
DECLARE
    charge CONSTANT numeric := headroom.month_charge(of_contract, of_month, counted);
BEGIN
    RETURN QUERY
    SELECT
        m.side,
        CASE m.side WHEN 'start' THEN p.starts_at ELSE p.ends_at END,
        m.leave,
        m.come,
        headroom.month_charge(of_contract, of_month, counted - m.leave) - charge,
        headroom.month_charge(of_contract, of_month, counted + m.come) - charge
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN headroom.kept_moves(of_contract, of_month) AS m
    ORDER BY m.side DESC;
END
$$;

-- The months of a contract that there is something to say of, in order: from its first period, or from its first month
-- with requests where that is later, to the one of now or the last one with requests. Where it never had a request, the
-- one of now.
CREATE FUNCTION headroom.statement_months(of_contract bigint, now_at timestamptz)
RETURNS TABLE (month date)
LANGUAGE plpgsql STABLE STRICT ROWS 24
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT m.month::date
    FROM (SELECT headroom.current_month(of_contract, now_at) AS month) AS present
    CROSS JOIN (
        SELECT min(d.month) AS first_month, max(d.month) AS last_month
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
    ) AS used
    CROSS JOIN LATERAL generate_series(
        least(used.first_month, present.month)::timestamp,
        greatest(used.last_month, present.month)::timestamp,
        INTERVAL '1 month') AS m (month)
    WHERE EXISTS (SELECT FROM headroom.period(of_contract, m.month::date))
    ORDER BY m.month;
END
$$;
