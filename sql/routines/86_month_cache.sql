-- SPDX-License-Identifier: MIT
-- What going through all subjects of a month gave: from the cache where nothing touched the month since, else anew.
-- Statements, reports and forecasts read it; a close counts again.

-- Other routines may derive something else.
DELETE FROM headroom.month_cache;

-- What is kept of some months, in no order; no row of one of which nothing is, or which may have changed.
--   from_month, to_month: the first days of calendar months, inclusive.
CREATE FUNCTION headroom.cached_months(of_contract bigint, from_month date, to_month date)
RETURNS SETOF headroom.month_cache
LANGUAGE plpgsql STABLE STRICT ROWS 36
AS $$
BEGIN
    RETURN QUERY
    SELECT c.*
    FROM headroom.month_cache AS c
    WHERE c.contract_id = of_contract
        AND c.month BETWEEN from_month AND to_month
        AND NOT headroom.touched_since(
            of_contract, c.chain_seq,
            ARRAY[(c.month - INTERVAL '1 month')::date, c.month, (c.month + INTERVAL '1 month')::date],
            c.from_at, c.until_at);
END
$$;

-- What is kept of one; all null where nothing is, or where it may have changed.
CREATE FUNCTION headroom.cached_month(of_contract bigint, of_month date)
RETURNS headroom.month_cache
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    kept headroom.month_cache;
BEGIN
    SELECT c.*
    INTO kept
    FROM headroom.cached_months(of_contract, of_month, of_month) AS c;
    RETURN kept;
END
$$;

-- What another time zone would move. Columns: as month_moves.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.kept_moves(of_contract bigint, of_month date)
RETURNS TABLE (side text, leave bigint, come bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
DECLARE
    kept CONSTANT headroom.month_cache := headroom.cached_month(of_contract, of_month);
BEGIN
    IF kept.chain_seq IS NULL THEN
        RETURN QUERY SELECT m.* FROM headroom.month_moves(of_contract, of_month) AS m;
    ELSE
        RETURN QUERY
        SELECT m.side, kept.leave_come[m.place], kept.leave_come[m.place + 1]
        FROM (VALUES ('start', 1), ('end', 3)) AS m (side, place);
    END IF;
END
$$;

-- The days of a month under the rule of its terms. Columns: as month_days.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.kept_days(of_contract bigint, of_month date)
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
DECLARE
    kept CONSTANT headroom.month_cache := headroom.cached_month(of_contract, of_month);
BEGIN
    IF kept.chain_seq IS NULL THEN
        RETURN QUERY
        SELECT d.*
        FROM headroom.month_days(of_contract, of_month, (headroom.term_of(of_contract, of_month)).counting) AS d;
    ELSE
        RETURN QUERY
        SELECT l.*
        FROM headroom.period(of_contract, of_month) AS p
        CROSS JOIN LATERAL headroom.list_days(
            of_contract, of_month, p.starts_at, p.ends_at, kept.new_handles, kept.seen,
            headroom.day_requests(of_contract, of_month)) AS l;
    END IF;
END
$$;

-- A month as it is kept, made anew; all null where it has no period. Goes through all subjects of the month and of both
-- beside it.
--   of_month: the first day of the calendar month; head: the link of the chain up to which all is counted.
-- Two days before and after the month are looked at, whatever their months are.
CREATE FUNCTION headroom.derived_month(of_contract bigint, of_month date, head bigint)
RETURNS headroom.month_cache
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    rule CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
    derived headroom.month_cache;
BEGIN
    SELECT
        of_contract,
        of_month,
        head,
        p.whole_starts_at - INTERVAL '48 hours',
        p.whole_ends_at + INTERVAL '48 hours',
        f.days,
        EXTRACT(ISODOW FROM f.first_day) - 1,
        f.unlike,
        d.new_handles,
        d.seen,
        b.leave_come
    INTO derived
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN headroom.month_form(of_contract, of_month) AS f
    CROSS JOIN (
        SELECT
            array_agg(coalesce(m.new_handles, 0) ORDER BY k.bit) AS new_handles,
            array_agg(coalesce(m.seen, 0) ORDER BY k.bit) AS seen
        FROM generate_series(0, 62) AS k ("bit")
        LEFT JOIN headroom.month_days(of_contract, of_month, rule) AS m USING ("bit")
    ) AS d
    CROSS JOIN (
        SELECT array_agg(v.owners ORDER BY m.side DESC, v.place) AS leave_come
        FROM headroom.month_moves(of_contract, of_month) AS m
        CROSS JOIN LATERAL (VALUES (1, m.leave), (2, m.come)) AS v (place, owners)
    ) AS b;
    RETURN derived;
END
$$;

-- Keeps a month's figures, where the transaction may write and they are not kept yet. Nothing that it writes can be
-- given by the caller: so whoever may read the usage may have it kept, with the owner's rights.
--   of_month: the first day of the calendar month; without a period for it nothing is kept.
-- The head of the chain is read first: what comes in between is counted, and then counted again.
CREATE FUNCTION headroom.keep_month(of_contract bigint, of_month date)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
    head CONSTANT bigint := (SELECT h.seq FROM headroom.chain_head AS h);
    kept headroom.month_cache;
BEGIN
    IF current_setting('transaction_read_only')::boolean THEN
        RETURN;
    END IF;
    kept := headroom.cached_month(of_contract, of_month);
    IF kept.chain_seq = head THEN
        RETURN;
    END IF;
    IF kept.chain_seq IS NULL THEN
        kept := headroom.derived_month(of_contract, of_month, head);
    END IF;
    -- A month that nothing touched is kept up to the head: the next look has fewer links to go through.
    kept.chain_seq := head;
    INSERT INTO headroom.month_cache AS c
    SELECT kept.*
    WHERE kept.contract_id IS NOT NULL
    ON CONFLICT (contract_id, month) DO UPDATE SET
        chain_seq = excluded.chain_seq,
        from_at = excluded.from_at,
        until_at = excluded.until_at,
        days = excluded.days,
        first_weekday = excluded.first_weekday,
        unlike = excluded.unlike,
        new_handles = excluded.new_handles,
        seen = excluded.seen,
        leave_come = excluded.leave_come
    WHERE c.chain_seq <= excluded.chain_seq;
END
$$;

REVOKE ALL ON FUNCTION headroom.keep_month(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.keep_month(bigint, date) TO headroom_reader, headroom_writer;

-- Why a month can't be compared with others, in words; null where it can. No row where it has no period.
--   of_month: the first day of the calendar month.
-- Columns: days: of the zone, that the contract covers; first_day: the first of them.
CREATE FUNCTION headroom.month_form(of_contract bigint, of_month date)
RETURNS TABLE (days bigint, first_day date, unlike text)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
BEGIN
    RETURN QUERY
    SELECT
        l.covered,
        (p.starts_at AT TIME ZONE p.time_zone)::date,
        CASE
            WHEN p.starts_at > p.whole_starts_at THEN 'the contract began in it'
            WHEN p.ends_at < p.whole_ends_at THEN 'the contract ended in it'
            WHEN p.whole_ends_at <> headroom.day_start(
                p.time_zone, headroom.billing_date((of_month + INTERVAL '1 month')::date, t.billing_day))
                THEN 'a change of the billing day or the zone made it longer or shorter'
        END
    FROM headroom.period(of_contract, of_month) AS p
    JOIN headroom.term AS t ON t.term_id = p.term_id
    CROSS JOIN LATERAL headroom.period_length(of_contract, of_month) AS l;
END
$$;
