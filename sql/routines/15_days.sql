-- SPDX-License-Identifier: MIT
-- The days of a period, and from an instant to its month and day. Day k of a period is bit k of the usage's days.

-- The days of a month's period, uncut by the contract's start and end, in order; no row where there is no period.
--   of_month: the first day of the calendar month.
-- Columns: bit: number of the day, from 0; day: its date; starts_at, ends_at: half-open, equal where the zone skipped
-- the day. The last day ends with its date, also where a change of zone makes the next period begin before that.
CREATE FUNCTION headroom.period_days(of_contract bigint, of_month date)
RETURNS TABLE ("bit" smallint, day date, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE STRICT ROWS 31
AS $$
DECLARE
    span record;
BEGIN
    SELECT p.whole_ends_at, p.first_day, p.time_zone
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    "bit" := 0;
    day := span.first_day;
    starts_at := headroom.day_start(span.time_zone, day);
    WHILE starts_at < span.whole_ends_at LOOP
        ends_at := headroom.day_start(span.time_zone, day + 1);
        RETURN NEXT;
        "bit" := "bit" + 1;
        day := day + 1;
        starts_at := ends_at;
    END LOOP;
END
$$;

-- The month whose uncut period holds an instant, covered by the contract or not; null for an unknown contract.
CREATE FUNCTION headroom.whole_month_at(of_contract bigint, at timestamptz)
RETURNS date
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    -- No zone is further than a day from UTC, so the month after that of UTC is the latest one.
    month date := (date_trunc('month', at AT TIME ZONE 'UTC') + INTERVAL '1 month')::date;
    starts_at timestamptz := headroom.whole_start(of_contract, month);
BEGIN
    WHILE starts_at > at LOOP
        month := (month - INTERVAL '1 month')::date;
        starts_at := headroom.whole_start(of_contract, month);
    END LOOP;
    RETURN CASE WHEN starts_at IS NOT NULL THEN month END;
END
$$;

-- The month whose period holds an instant; null where the contract has no terms for it.
CREATE FUNCTION headroom.month_at(of_contract bigint, at timestamptz)
RETURNS date
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    covered record;
BEGIN
    covered := headroom.coverage(of_contract);
    IF at < covered.starts_at OR at >= covered.ends_at THEN
        RETURN NULL;
    END IF;
    RETURN headroom.whole_month_at(of_contract, at);
END
$$;

-- The day intervals that touch [from_at, to_at], in order. Instants in none of them are under no terms.
-- Columns: month; day: the bit; starts_at, ends_at: half-open, cut to the time that the period covers.
CREATE FUNCTION headroom.calendar(of_contract bigint, from_at timestamptz, to_at timestamptz)
RETURNS TABLE (month date, day smallint, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
DECLARE
    covered record;
    of_month date;
BEGIN
    covered := headroom.coverage(of_contract);
    of_month := headroom.whole_month_at(of_contract, greatest(from_at, covered.starts_at));
    WHILE headroom.whole_start(of_contract, of_month) < least(to_at + INTERVAL '1 microsecond', covered.ends_at) LOOP
        RETURN QUERY
        SELECT
            p.month,
            d.bit,
            greatest(d.starts_at, p.starts_at),
            least(d.ends_at, p.ends_at)
        FROM headroom.period(of_contract, of_month) AS p
        CROSS JOIN headroom.period_days(of_contract, of_month) AS d
        WHERE greatest(d.starts_at, p.starts_at) < least(d.ends_at, p.ends_at)
            AND least(d.ends_at, p.ends_at) > from_at
            AND greatest(d.starts_at, p.starts_at) <= to_at
        ORDER BY d.bit;
        of_month := (of_month + INTERVAL '1 month')::date;
    END LOOP;
END
$$;

-- The open month of now: the one whose period holds it; before the first period the first, after the end the last.
CREATE FUNCTION headroom.current_month(of_contract bigint, now_at timestamptz)
RETURNS date
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    covered record;
BEGIN
    covered := headroom.coverage(of_contract);
    RETURN headroom.whole_month_at(
        of_contract, greatest(covered.starts_at, least(now_at, covered.ends_at - INTERVAL '1 microsecond')));
END
$$;

-- The latest month whose period is over; null while the first one is open.
CREATE FUNCTION headroom.last_over_month(of_contract bigint, now_at timestamptz)
RETURNS date
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    month date := headroom.current_month(of_contract, now_at);
BEGIN
    IF NOT EXISTS (SELECT FROM headroom.period(of_contract, month) AS p WHERE p.ends_at <= now_at) THEN
        month := (month - INTERVAL '1 month')::date;
    END IF;
    RETURN (SELECT p.month FROM headroom.period(of_contract, month) AS p WHERE p.ends_at <= now_at);
END
$$;
