-- SPDX-License-Identifier: MIT
-- What a forecast rests on: the months before one, day by day, and how far the month itself is.

-- The months before one, newest first, until so many are found that count as history.
--   of_month: the first day of the calendar month; newest: how many are wanted.
-- Columns: month; days: that it has; first_weekday: 0 Monday to 6 Sunday; new_handles, seen: element k + 1 is day k;
-- left_out: why it does not count, in words; null: it does. Months before the contract's first event have no row.
-- A month counts when recording ran through all of it: one in which it began (unless on the first day) or broke off is
-- left out, so is one without a request, one that an operator marked, and one that is longer or shorter than its terms
-- make it. Figures are today's, of a closed month too.
CREATE FUNCTION headroom.history_months(of_contract bigint, of_month date, newest bigint)
RETURNS TABLE (
    month date,
    days smallint,
    first_weekday smallint,
    new_handles bigint[],
    seen bigint[],
    left_out text)
LANGUAGE plpgsql STABLE STRICT ROWS 36
AS $$
#variable_conflict use_column
DECLARE
    recorded record;
    first_month date;
    last_month date;
    head CONSTANT bigint := (SELECT h.seq FROM headroom.chain_head AS h);
    found_months bigint := 0;
    listed record;
    kept headroom.month_cache;
BEGIN
    recorded := headroom.recorded(of_contract);
    first_month := headroom.whole_month_at(of_contract, recorded.from_at);
    last_month := headroom.whole_month_at(of_contract, recorded.until_at - INTERVAL '1 microsecond');
    FOR listed IN
        SELECT
            m.first_day::date AS month,
            c AS kept,
            'ignored: ' || n.reason AS ignored,
            EXISTS (
                SELECT
                FROM headroom.usage_total AS t
                WHERE t.contract_id = of_contract
                    AND t.month = m.first_day::date) AS has_requests
        FROM generate_series(of_month - INTERVAL '1 month', first_month::timestamp, INTERVAL '-1 month')
            AS m (first_day)
        LEFT JOIN headroom.cached_months(of_contract, first_month, of_month) AS c ON c.month = m.first_day::date
        LEFT JOIN headroom.period_noted AS n
            ON n.contract_id = of_contract
            AND n.month = m.first_day::date
            AND n.ignored
        ORDER BY m.first_day DESC
    LOOP
        EXIT WHEN found_months >= newest;
        month := listed.month;
        kept := listed.kept;
        IF kept.chain_seq IS NULL THEN
            kept := headroom.derived_month(of_contract, month, head);
        END IF;
        CONTINUE WHEN kept.chain_seq IS NULL;
        days := kept.days;
        first_weekday := kept.first_weekday;
        new_handles := kept.new_handles[1:kept.days];
        seen := kept.seen[1:kept.days];
        left_out := coalesce(listed.ignored, kept.unlike);
        IF left_out IS NULL AND month IN (first_month, last_month) THEN
            left_out := (
                SELECT CASE
                    WHEN month = first_month AND recorded.from_at >= min(d.ends_at) THEN 'recording began'
                    WHEN month = last_month AND recorded.until_at <= max(d.starts_at) THEN 'recording broke off'
                END
                FROM headroom.period_days(of_contract, kept.month) AS d);
        END IF;
        IF left_out IS NULL AND NOT listed.has_requests THEN
            left_out := 'nothing was recorded';
        END IF;
        found_months := found_months + (left_out IS NULL)::integer;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Keeps the months before one that a forecast may rest on, see keep_month.
--   of_month: the first day of the calendar month; newest: how many; a year more, for those that are left out.
CREATE FUNCTION headroom.keep_history(of_contract bigint, of_month date, newest bigint)
RETURNS void
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    recorded_in CONSTANT date := headroom.whole_month_at(of_contract, (headroom.recorded(of_contract)).from_at);
    first_month CONSTANT date := (of_month - (newest + 12) * INTERVAL '1 month')::date;
BEGIN
    -- Without events no month is compared, and nothing needs to be kept. Mostly all is kept up to the head.
    PERFORM headroom.keep_month(of_contract, m.month::date)
    FROM generate_series(greatest(recorded_in, first_month), of_month - INTERVAL '1 month', INTERVAL '1 month')
        AS m (month)
    LEFT JOIN headroom.month_cache AS c ON c.contract_id = of_contract AND c.month = m.month::date
    WHERE recorded_in IS NOT NULL
        AND (c.chain_seq = (SELECT h.seq FROM headroom.chain_head AS h)) IS NOT TRUE;
END
$$;

-- From when until when events of a contract were recorded, those of voided batches left out; nulls where there are
-- none. until_at is exclusive, and as far as a reader says that nothing more came, or an event endpoint has listened.
CREATE FUNCTION headroom.recorded(of_contract bigint, OUT from_at timestamptz, OUT until_at timestamptz)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    SELECT min(t.first_event), max(t.last_event) + INTERVAL '1 microsecond'
    INTO from_at, until_at
    FROM headroom.source_total AS t
    WHERE t.contract_id = of_contract;
    SELECT greatest(until_at, max(u.until))
    INTO until_at
    FROM (
        SELECT r.until FROM headroom.source_until AS r WHERE r.contract_id = of_contract
        UNION ALL
        SELECT l.until FROM headroom.source_listened AS l WHERE l.contract_id = of_contract
    ) AS u;
END
$$;

-- Up to when a month can be counted that is known until an instant: as far as is wanted, but not into days that lie
-- behind that instant, whose handles nobody knows. The rest of the day that it lies in is taken as asked for, since a
-- log says no more than its last event.
--   of_month: the first day of the calendar month; wanted: not after its end.
CREATE FUNCTION headroom.recorded_by(of_contract bigint, of_month date, wanted timestamptz, known_until timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    IF known_until >= wanted
        OR EXISTS (
            SELECT
            FROM headroom.period_days(of_contract, of_month) AS d
            WHERE d.starts_at < known_until
                AND d.ends_at >= wanted)
    THEN
        RETURN wanted;
    END IF;
    RETURN known_until;
END
$$;

-- How much of a stretch lies before an instant: 0 to 1.
CREATE FUNCTION headroom.share_before(starts_at timestamptz, ends_at timestamptz, before timestamptz)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN ends_at <= before THEN 1
        WHEN starts_at >= before THEN 0
        ELSE EXTRACT(EPOCH FROM before - starts_at)::double precision
            / EXTRACT(EPOCH FROM ends_at - starts_at)::double precision
    END
$$;

-- How far a month is at an instant: one row, or none where the month has no period.
--   of_month: the first day of the calendar month; wanted_at: null: data until in a month that is open, else its
--   end; now_at: the present; counted: the unique handles of the whole month, where the caller has them already.
-- Columns: as_of: within the period, and not in days of which nothing was recorded, see recorded_by, but for a closed
-- month's end; the period's start where recording began only later; broke_off: the month is over, but of its last day
-- nothing was recorded; data_until: see headroom.data_until; days: that the contract covers; first_day: the date of
-- the first of them; elapsed: days up to as_of, a part of a day as its share of that day, or of what a change of zone
-- leaves of the last one; used: unique handles by events before as_of, under the rule of the terms and with
-- identities as known today; known_until: what has an event before it is known: the instant asked for, else the
-- period's end; known: unique handles by events before that, those of sources too that are ahead of data until;
-- heard_until: as far as any source has delivered, at least as_of, at most known_until and now; heard_elapsed: as
-- elapsed, up to there.
CREATE FUNCTION headroom.month_so_far(
    of_contract bigint, of_month date, wanted_at timestamptz, now_at timestamptz, counted bigint DEFAULT NULL)
RETURNS TABLE (
    contract text,
    state text,
    period_start timestamptz,
    period_end timestamptz,
    as_of timestamptz,
    broke_off boolean,
    data_until timestamptz,
    unit_limit bigint,
    currency text,
    days bigint,
    first_day date,
    elapsed double precision,
    used bigint,
    known_until timestamptz,
    known bigint,
    heard_until timestamptz,
    heard_elapsed double precision)
LANGUAGE plpgsql STABLE ROWS 1
AS $$
#variable_conflict use_column
DECLARE
    span record;
    the_state CONSTANT text := headroom.month_state(of_contract, of_month, now_at);
    delivered CONSTANT timestamptz := headroom.data_until(of_contract, of_month);
    heard CONSTANT record := headroom.recorded(of_contract);
    whole_until timestamptz;
    wanted timestamptz;
    is_cut boolean;
    latest timestamptz;
    reached bigint;
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- In a month that is over a source that ended is not waited for.
    whole_until := coalesce(CASE WHEN the_state = 'open' THEN delivered ELSE heard.until_at END, '-infinity');
    is_cut := the_state = 'over'
        AND headroom.recorded_by(of_contract, of_month, span.ends_at, whole_until) < span.ends_at;
    wanted := CASE
        WHEN wanted_at IS NULL AND the_state = 'open' THEN least(whole_until, now_at)
        WHEN wanted_at IS NULL AND the_state = 'closed' THEN span.ends_at
        ELSE headroom.recorded_by(of_contract, of_month, least(wanted_at, span.ends_at), whole_until)
    END;
    wanted := greatest(span.starts_at, least(wanted, span.ends_at));
    -- Nobody knows who was used before recording began.
    IF (wanted_at IS NOT NULL OR the_state = 'over') AND wanted <= heard.from_at THEN
        wanted := span.starts_at;
    END IF;
    latest := greatest(span.starts_at, least(coalesce(wanted_at, span.ends_at), span.ends_at));
    reached := headroom.used_before(of_contract, of_month, wanted, month_so_far.counted);
    RETURN QUERY
    SELECT
        c.name,
        the_state,
        span.starts_at,
        span.ends_at,
        wanted,
        is_cut,
        delivered,
        headroom.unit_limit(of_contract, of_month),
        term.currency,
        d.days,
        d.first_day,
        d.elapsed,
        reached,
        latest,
        CASE
            WHEN the_state = 'open' AND wanted < latest
                THEN headroom.used_before(of_contract, of_month, latest, month_so_far.counted)
            ELSE reached
        END,
        h.until_at,
        d.heard_elapsed
    FROM headroom.contract AS c
    CROSS JOIN (SELECT greatest(wanted, least(latest, heard.until_at, now_at)) AS until_at) AS h
    CROSS JOIN LATERAL (
        SELECT
            count(*) AS days,
            min(p.day) AS first_day,
            sum(headroom.share_before(p.starts_at, p.ends_at, wanted)) AS elapsed,
            sum(headroom.share_before(p.starts_at, p.ends_at, h.until_at)) AS heard_elapsed
        FROM (
            SELECT l.day, l.starts_at, least(l.ends_at, span.ends_at) AS ends_at
            FROM headroom.period_days(of_contract, of_month) AS l
        ) AS p
        WHERE p.starts_at >= span.starts_at
            AND p.starts_at < span.ends_at
    ) AS d
    WHERE c.contract_id = of_contract;
END
$$;

-- The unique handles of a month by events before an instant, as they are counted today.
--   of_month: the first day of the calendar month; in_all: those of all of it, null: not known. Goes through all
--   owners of the month unless the instant lies behind all events.
CREATE FUNCTION headroom.used_before(
    of_contract bigint, of_month date, before timestamptz, in_all bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    span record;
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    IF before >= span.ends_at OR NOT EXISTS (
        SELECT
        FROM headroom.batch_source AS b
        WHERE b.contract_id = of_contract
            AND b.last_event >= greatest(before, span.starts_at)
            AND b.first_event < span.ends_at)
    THEN
        RETURN coalesce(in_all, headroom.month_unique_handles(of_contract, of_month));
    END IF;
    RETURN (
        SELECT count(*)
        FROM headroom.counted(of_contract, of_month, (headroom.term_of(of_contract, of_month)).counting) AS o
        WHERE o.first_seen < before);
END
$$;

-- The days of a month up to an instant, for a curve. Columns: as list_days, of days that begin before it; of the last
-- one what it has had by then.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.days_before(of_contract bigint, of_month date, before timestamptz)
RETURNS TABLE (day date, new_handles bigint, seen bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 31
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        d.day,
        CASE
            WHEN lead(d.starts_at, 1, 'infinity') OVER (ORDER BY d.bit) <= before THEN d.new_handles
            ELSE greatest(headroom.used_before(of_contract, of_month, before) - d.cumulative + d.new_handles, 0)
        END,
        d.seen
    FROM headroom.kept_days(of_contract, of_month) AS d
    WHERE d.starts_at < before
    ORDER BY d.bit;
END
$$;

-- What a month would cost with each of some numbers of unique handles, under its terms; one row each, in their order.
--   of_month: the first day of the calendar month; handles: at least 0; other_limit: instead of the terms', null:
--   theirs; unit_price: a flat one instead of their pricing, null: theirs.
CREATE FUNCTION headroom.charges(
    of_contract bigint, of_month date, handles bigint[], other_limit bigint, unit_price numeric)
RETURNS TABLE (place bigint, overage bigint, charge numeric)
LANGUAGE plpgsql STABLE ROWS 200
AS $$
#variable_conflict use_column
DECLARE
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
    the_limit CONSTANT bigint := coalesce(other_limit, headroom.unit_limit(of_contract, of_month));
    overages CONSTANT bigint[] := ARRAY(
        SELECT greatest(h.handles - coalesce(the_limit, h.handles), 0)
        FROM unnest(charges.handles) WITH ORDINALITY AS h (handles, place)
        ORDER BY h.place);
    -- Many of them cost the same.
    different CONSTANT bigint[] := ARRAY(SELECT DISTINCT o.overage FROM unnest(overages) AS o (overage));
BEGIN
    RETURN QUERY
    WITH priced AS MATERIALIZED (
        SELECT c.overage, c.charge
        FROM headroom.term_charges(term, different) AS c
        WHERE unit_price IS NULL
        UNION ALL
        SELECT d.overage, round(d.overage * unit_price, headroom.minor_digits(term.currency))
        FROM unnest(different) AS d (overage)
        WHERE unit_price IS NOT NULL
    )
    SELECT w.place, w.overage, p.charge
    FROM unnest(overages) WITH ORDINALITY AS w (overage, place)
    JOIN priced AS p ON p.overage = w.overage
    ORDER BY w.place;
END
$$;
