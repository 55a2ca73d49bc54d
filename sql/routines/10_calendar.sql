-- SPDX-License-Identifier: MIT
-- The billing calendar: which period a calendar month names for a contract, under which terms, from when until when.

-- The first instant whose local date is on or after a day. An ambiguous midnight is the earlier one; where midnight or
-- the whole day is missing, it is the instant at which the clock jumped over it.
--   zone: a name of pg_timezone_names; day: a local date.
-- A zone changes its offset at most once in 48 hours (since 2006 never twice within three weeks), so the offsets of a
-- day before and a day after decide. Intervals are kept below a day: longer ones would follow the session's zone.
CREATE FUNCTION headroom.day_start(zone text, day date)
RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    midnight CONSTANT timestamp NOT NULL := day;
    middle CONSTANT timestamptz NOT NULL := midnight AT TIME ZONE 'UTC';
    before_at CONSTANT timestamptz NOT NULL := middle - INTERVAL '24 hours';
    after_at CONSTANT timestamptz NOT NULL := middle + INTERVAL '24 hours';
    early timestamptz NOT NULL := middle - ((before_at AT TIME ZONE zone) - (before_at AT TIME ZONE 'UTC'));
    late timestamptz NOT NULL := middle - ((after_at AT TIME ZONE zone) - (after_at AT TIME ZONE 'UTC'));
    step interval;
BEGIN
    IF early = late OR early AT TIME ZONE zone = midnight THEN
        RETURN early;
    END IF;
    IF late AT TIME ZONE zone = midnight THEN
        RETURN late;
    END IF;
    -- The clock jumped over midnight within (late, early]: halve down to the second of the jump.
    WHILE early - late > INTERVAL '1 second' LOOP
        step := date_trunc('second', (early - late) / 2);
        IF (late + step) AT TIME ZONE zone >= midnight THEN
            early := late + step;
        ELSE
            late := late + step;
        END IF;
    END LOOP;
    RETURN early;
END
$$;

-- The date on which a month's period begins: its billing day, or the month's last day where it has no such day.
--   of_month: the first day of the calendar month; billing_day: 1 to 31.
CREATE FUNCTION headroom.billing_date(of_month date, billing_day integer)
RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN least(of_month + (billing_day - 1), (of_month + INTERVAL '1 month')::date - 1);
END
$$;

-- The terms of a month's period: the latest whose date is not after the month's billing day reckoned with that term's
-- own day, else the first. All null for an unknown contract.
--   of_month: the first day of the calendar month. For any month, covered by the contract or not.
CREATE FUNCTION headroom.term_of(of_contract bigint, of_month date)
RETURNS headroom.term
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    found_term headroom.term;
BEGIN
    SELECT t.*
    INTO found_term
    FROM headroom.term_in_force AS t
    WHERE t.contract_id = of_contract
        AND t.valid_from <= headroom.billing_date(of_month, t.billing_day)
    ORDER BY t.valid_from DESC
    LIMIT 1;
    IF NOT FOUND THEN
        SELECT t.*
        INTO found_term
        FROM headroom.term_in_force AS t
        WHERE t.contract_id = of_contract
        ORDER BY t.valid_from
        LIMIT 1;
    END IF;
    RETURN found_term;
END
$$;

-- Where the uncut period of a month begins; where the month before it ends.
CREATE FUNCTION headroom.whole_start(of_contract bigint, of_month date)
RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
BEGIN
    RETURN headroom.day_start(term.time_zone, headroom.billing_date(of_month, term.billing_day));
END
$$;

-- The time that a contract covers: [starts_at, ends_at), ends_at null where it has no end. One row; nulls for an
-- unknown contract. The first date is meant in the first term's zone, the end in the zone of the period it falls into.
CREATE FUNCTION headroom.coverage(of_contract bigint, OUT starts_at timestamptz, OUT ends_at timestamptz)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    last_day date;
    month date;
    term headroom.term;
BEGIN
    SELECT headroom.day_start(t.time_zone, t.valid_from), c.ends_on
    INTO starts_at, last_day
    FROM headroom.contract AS c
    JOIN headroom.term_in_force AS t ON t.contract_id = c.contract_id
    WHERE c.contract_id = of_contract
    ORDER BY t.valid_from
    LIMIT 1;
    IF last_day IS NULL THEN
        RETURN;
    END IF;
    month := date_trunc('month', last_day::timestamp)::date;
    term := headroom.term_of(of_contract, month);
    IF headroom.billing_date(month, term.billing_day) > last_day THEN
        term := headroom.term_of(of_contract, (month - INTERVAL '1 month')::date);
    END IF;
    ends_at := headroom.day_start(term.time_zone, last_day);
END
$$;

-- The period that a calendar month names for a contract. One row, or none where it lies wholly before the first term
-- or after the end.
--   of_month: the first day of the calendar month.
-- Columns: month; starts_at, ends_at: as cut by the contract's first term and end; whole_starts_at, whole_ends_at:
-- uncut; first_day: the date of day 0 of the uncut period; time_zone and term_id: of the terms in force.
CREATE FUNCTION headroom.period(of_contract bigint, of_month date)
RETURNS TABLE (
    month date,
    starts_at timestamptz,
    ends_at timestamptz,
    whole_starts_at timestamptz,
    whole_ends_at timestamptz,
    first_day date,
    time_zone text,
    term_id bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
DECLARE
    covered record;
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
BEGIN
    covered := headroom.coverage(of_contract);
    month := of_month;
    first_day := headroom.billing_date(of_month, term.billing_day);
    time_zone := term.time_zone;
    term_id := term.term_id;
    whole_starts_at := headroom.day_start(time_zone, first_day);
    whole_ends_at := headroom.whole_start(of_contract, (of_month + INTERVAL '1 month')::date);
    starts_at := greatest(whole_starts_at, covered.starts_at);
    ends_at := least(whole_ends_at, covered.ends_at);
    IF starts_at < ends_at THEN
        RETURN NEXT;
    END IF;
END
$$;
