-- SPDX-License-Identifier: MIT
-- The parts of a month's statement: of a closed month as they were sealed, of every other one as they are now.
-- Statements and reports read these.

-- The statement that a closed month was sealed with, the JSON of `reconcile`; null where it is not closed.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.sealed_statement(of_contract bigint, of_month date)
RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (headroom.seal_of(of_contract, of_month)).statement::jsonb;
END
$$;

-- Columns: as month_not_counted.
CREATE FUNCTION headroom.stated_not_counted(of_contract bigint, of_month date)
RETURNS TABLE (reason text, requests bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 5
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT jsonb := headroom.sealed_statement(of_contract, of_month);
BEGIN
    IF sealed IS NULL THEN
        RETURN QUERY SELECT n.* FROM headroom.month_not_counted(of_contract, of_month) AS n;
    ELSE
        RETURN QUERY SELECT n.key, n.value::bigint FROM jsonb_each_text(sealed -> 'not_counted') AS n;
    END IF;
END
$$;

-- The unique handles of a month under each rule, by the place of counting_rule, as in month_status.
CREATE FUNCTION headroom.stated_rule_counts(of_contract bigint, of_month date)
RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NOT NULL THEN
        RETURN sealed.spread;
    END IF;
    RETURN ARRAY(
        SELECT c.unique_handles
        FROM headroom.rule_counts(of_contract, of_month) AS c
        JOIN headroom.counting_rule AS r ON r.rule = c.rule
        ORDER BY r.place);
END
$$;

-- Columns: as month_spread, in the order of counting_rule.
CREATE FUNCTION headroom.stated_spread(of_contract bigint, of_month date, spread bigint[])
RETURNS TABLE (
    rule text, unique_handles bigint, difference bigint, charge numeric, charge_difference numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 6
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT jsonb := headroom.sealed_statement(of_contract, of_month);
BEGIN
    IF sealed IS NULL THEN
        RETURN QUERY SELECT s.* FROM headroom.month_spread(of_contract, of_month, spread) AS s;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        r.rule,
        (sealed -> 'spread' ->> r.rule)::bigint,
        (c.priced ->> 'difference')::bigint,
        (c.priced ->> 'charge')::numeric,
        (c.priced ->> 'charge_difference')::numeric
    FROM headroom.counting_rule AS r
    CROSS JOIN LATERAL (SELECT sealed -> 'spread_charges' -> r.rule AS priced) AS c
    ORDER BY r.place;
END
$$;

-- Columns: as month_app_only.
CREATE FUNCTION headroom.stated_app_only(
    of_contract bigint, of_month date, OUT requests bigint, OUT at_most bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT jsonb := headroom.sealed_statement(of_contract, of_month) -> 'app_only';
BEGIN
    IF sealed IS NULL THEN
        SELECT a.requests, a.at_most
        INTO requests, at_most
        FROM headroom.month_app_only(of_contract, of_month) AS a;
    ELSE
        requests := (sealed ->> 'requests')::bigint;
        at_most := (sealed ->> 'at_most')::bigint;
    END IF;
END
$$;

-- Columns: as month_boundary.
CREATE FUNCTION headroom.stated_boundary(of_contract bigint, of_month date, counted bigint)
RETURNS TABLE (
    side text, at timestamptz, leave bigint, come bigint, leave_charge numeric, come_charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT jsonb := headroom.sealed_statement(of_contract, of_month);
BEGIN
    IF sealed IS NULL THEN
        RETURN QUERY SELECT b.* FROM headroom.month_boundary(of_contract, of_month, counted) AS b;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        s.side,
        s.at,
        s.leave,
        s.come,
        (s.charge_difference ->> 'leave')::numeric,
        (s.charge_difference ->> 'come')::numeric
    FROM jsonb_to_recordset(sealed -> 'boundary') AS s (
        side text, at timestamptz, leave bigint, come bigint, charge_difference jsonb);
END
$$;

-- Columns: as charge_lines.
--   overage: of the month's status.
CREATE FUNCTION headroom.stated_lines(of_contract bigint, of_month date, overage bigint)
RETURNS TABLE (
    line integer,
    kind text,
    description text,
    units bigint,
    unit_price numeric,
    amount numeric,
    from_unit bigint,
    to_unit bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT jsonb := headroom.sealed_statement(of_contract, of_month);
BEGIN
    IF sealed IS NULL THEN
        RETURN QUERY SELECT l.* FROM headroom.charge_lines(of_contract, of_month, overage) AS l;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        l.ordinality::integer,
        l.line ->> 'kind',
        l.line ->> 'description',
        (l.line ->> 'units')::bigint,
        (l.line ->> 'unit_price')::numeric,
        (l.line ->> 'amount')::numeric,
        (l.line ->> 'from_unit')::bigint,
        (l.line ->> 'to_unit')::bigint
    FROM jsonb_array_elements(sealed -> 'lines') WITH ORDINALITY AS l (line, ordinality);
END
$$;

-- The checks of a closed month's statement; no row where the month is not closed. Columns: as month_totals.
CREATE FUNCTION headroom.sealed_checks(of_contract bigint, of_month date)
RETURNS TABLE (name text, expected bigint, found bigint, state text)
LANGUAGE plpgsql STABLE STRICT ROWS 7
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.name, c.expected, c.found, c.state
    FROM jsonb_to_recordset(headroom.sealed_statement(of_contract, of_month) -> 'checks') AS c (
        name text, expected bigint, found bigint, state text);
END
$$;

-- The terms of a month: of a closed one those that it was sealed under.
CREATE FUNCTION headroom.stated_term(of_contract bigint, of_month date)
RETURNS headroom.term
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    term headroom.term := headroom.term_of(of_contract, of_month);
    sealed CONSTANT bigint := (headroom.seal_of(of_contract, of_month)).term_id;
BEGIN
    IF sealed IS NOT NULL THEN
        SELECT t.*
        INTO STRICT term
        FROM headroom.term AS t
        WHERE t.term_id = sealed;
    END IF;
    RETURN term;
END
$$;

-- The limit of a month: of a closed one that which it was sealed under; null where there is none.
CREATE FUNCTION headroom.stated_limit(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NULL THEN
        RETURN headroom.unit_limit(of_contract, of_month);
    END IF;
    RETURN sealed.unit_limit;
END
$$;

-- What a month costs with so many unique handles: a closed one by the limit and the terms that it was sealed under.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.stated_charge(of_contract bigint, of_month date, unique_handles bigint)
RETURNS numeric
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NULL THEN
        RETURN headroom.month_charge(of_contract, of_month, unique_handles);
    END IF;
    RETURN headroom.term_charge(
        headroom.stated_term(of_contract, of_month),
        greatest(unique_handles - coalesce(sealed.unit_limit, unique_handles), 0));
END
$$;

-- How far a month's figures reach, and its limit: what its status says, without counting anything. No row where the
-- month has no period.
--   of_month: the first day of the calendar month; now_at: the present. Columns: as in month_status.
CREATE FUNCTION headroom.stated_reach(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (state text, as_of timestamptz, unit_limit bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NOT NULL THEN
        RETURN QUERY SELECT 'closed', sealed.as_of, sealed.unit_limit;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        headroom.month_state(of_contract, of_month, now_at),
        headroom.whole_until(headroom.data_until(of_contract, of_month), p.ends_at, now_at),
        headroom.unit_limit(of_contract, of_month)
    FROM headroom.period(of_contract, of_month) AS p;
END
$$;

-- What a month used and costs, without all that a status says beside it; no row where the month has no period. Columns:
-- as month_status, the charge as a number; digits: of the currency's minor unit.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.stated_use(of_contract bigint, of_month date)
RETURNS TABLE (
    unique_handles bigint, unit_limit bigint, overage bigint, charge numeric, currency text, digits integer)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
    term CONSTANT headroom.term := headroom.stated_term(of_contract, of_month);
    of_limit CONSTANT bigint := CASE
        WHEN sealed.seal_id IS NULL THEN headroom.unit_limit(of_contract, of_month)
        ELSE sealed.unit_limit
    END;
BEGIN
    RETURN QUERY
    SELECT
        c.counted, of_limit, o.overage, coalesce(sealed.charge, headroom.term_charge(term, o.overage)), term.currency,
        headroom.minor_digits(term.currency)
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN LATERAL (
        SELECT coalesce(sealed.unique_handles, headroom.month_unique_handles(of_contract, of_month)) AS counted
    ) AS c
    CROSS JOIN LATERAL (SELECT greatest(c.counted - coalesce(of_limit, c.counted), 0) AS overage) AS o;
END
$$;

-- The daily curve of a month under its rule. Columns: as month_days.
CREATE FUNCTION headroom.stated_days(of_contract bigint, of_month date)
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
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NULL THEN
        RETURN QUERY SELECT d.* FROM headroom.kept_days(of_contract, of_month) AS d;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT l.*
    FROM (
        SELECT array_agg(d.days) AS days, array_agg(d.owners) AS owners
        FROM (
            SELECT o.days, count(*) AS owners
            FROM headroom.seal_owner AS o
            WHERE o.seal_id = sealed.seal_id
            GROUP BY o.days
        ) AS d
    ) AS pattern
    CROSS JOIN LATERAL headroom.day_counts(coalesce(pattern.days, '{}'), coalesce(pattern.owners, '{}')) AS c
    CROSS JOIN LATERAL headroom.list_days(
        of_contract, of_month, sealed.period_start, sealed.period_end, c.new_handles, c.seen, sealed.day_requests) AS l;
END
$$;

-- The checks of a month. Columns: as month_checks.
CREATE FUNCTION headroom.stated_checks(of_contract bigint, of_month date)
RETURNS TABLE (name text, expected bigint, found bigint, state text)
LANGUAGE plpgsql STABLE STRICT ROWS 7
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT c.* FROM headroom.sealed_checks(of_contract, of_month) AS c;
    IF NOT FOUND THEN
        RETURN QUERY SELECT c.* FROM headroom.month_checks(of_contract, of_month) AS c;
    END IF;
END
$$;

-- The owners of a month that do not count. Columns: as uncounted.
--   of_month: the first day of the calendar month.
-- Of a month that was closed before these were kept, they are those of today that its seal does not count.
CREATE FUNCTION headroom.stated_uncounted(of_contract bigint, of_month date)
RETURNS TABLE (
    owner text, handle text, reason text, requests bigint, last_seen timestamptz, endpoints smallint)
LANGUAGE plpgsql STABLE STRICT ROWS 1000
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.uncounted IS NOT NULL THEN
        RETURN QUERY
        SELECT u.subject, u.handle, u.reason, u.requests, u.last_seen, u.endpoints
        FROM headroom.seal_uncounted AS u
        WHERE u.seal_id = sealed.seal_id;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT u.*
    FROM headroom.uncounted(of_contract, of_month, (headroom.stated_term(of_contract, of_month)).counting) AS u
    WHERE NOT EXISTS (
        SELECT
        FROM headroom.seal_owner AS o
        WHERE o.seal_id = sealed.seal_id
            AND o.owner = u.owner);
END
$$;

-- The link of the chain up to which a month's report goes: the one that its seal rests on. Null, so all of them, where
-- the month is not closed.
CREATE FUNCTION headroom.stated_until(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (headroom.seal_of(of_contract, of_month)).chain_seq;
END
$$;

-- What the batches that touch a month brought, those left out that were taken in after it was closed. Columns: as in
-- month_batches.
CREATE FUNCTION headroom.stated_batches(of_contract bigint, of_month date)
RETURNS TABLE (batch_id bigint, source text, first_event timestamptz, last_event timestamptz)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
DECLARE
    later CONSTANT bigint[] := headroom.batches_after(headroom.stated_until(of_contract, of_month));
BEGIN
    RETURN QUERY
    SELECT b.*
    FROM headroom.month_batches(of_contract, of_month) AS b
    WHERE b.batch_id <> ALL (later);
END
$$;

-- How the month judges its sources: a closed one as when it was closed, by what had been taken in and voided by then.
-- Columns: as month_sources, as far as a report needs them.
CREATE FUNCTION headroom.stated_sources(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (source text, low_days date[], gaps tstzmultirange)
LANGUAGE plpgsql STABLE STRICT ROWS 10
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
    absent bigint[];
BEGIN
    IF sealed.seal_id IS NOT NULL THEN
        absent := headroom.absent_since(sealed.chain_seq);
    END IF;
    RETURN QUERY
    SELECT s.source, s.low_days, s.gaps
    FROM headroom.month_sources(
        of_contract, of_month, coalesce(sealed.closed_at, now_at), left_out => absent) AS s;
END
$$;
