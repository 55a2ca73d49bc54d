-- SPDX-License-Identifier: MIT
-- The billing months of a contract as a list, and what was noted of them.

-- How many days (of the zone) a month's period has as cut by the contract's start and end, and uncut. A day belongs to
-- the cut period when it begins in it.
--   of_month: the first day of the calendar month. Both 0 where there is no period.
CREATE FUNCTION headroom.period_length(of_contract bigint, of_month date, OUT covered bigint, OUT whole bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    SELECT count(*) FILTER (WHERE d.starts_at >= p.starts_at AND d.starts_at < p.ends_at), count(*)
    INTO covered, whole
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN LATERAL headroom.period_days(of_contract, of_month) AS d;
END
$$;

-- What was last noted of each month: whether it is left out where months are compared.
CREATE VIEW headroom.period_noted AS
SELECT DISTINCT ON (n.contract_id, n.month)
    n.contract_id,
    n.month,
    n.ignored,
    n.reason,
    n.noted_at,
    n.noted_by
FROM headroom.period_note AS n
ORDER BY n.contract_id, n.month, n.note_id DESC;

GRANT SELECT ON headroom.period_noted TO headroom_reader, headroom_writer;

-- The months from which a list of periods begins and at which it ends unless it is told otherwise: that of the first
-- event, but not before the contract's first one or after the open one; and the open one.
CREATE FUNCTION headroom.listed_months(
    of_contract bigint, now_at timestamptz, OUT first_month date, OUT last_month date)
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    covered record;
    voided CONSTANT bigint[] := headroom.voided_batches();
    -- Voided batches are no part of the totals, and few.
    first_event CONSTANT timestamptz := least(
        (SELECT min(t.first_event) FROM headroom.source_total AS t WHERE t.contract_id = of_contract),
        (
            SELECT min(b.first_event)
            FROM headroom.batch_source AS b
            WHERE b.contract_id = of_contract
                AND b.batch_id = ANY (voided)));
BEGIN
    covered := headroom.coverage(of_contract);
    last_month := headroom.current_month(of_contract, now_at);
    -- Without events there is no month to compare, and the last one remains.
    first_month := least(
        CASE
            WHEN first_event < covered.starts_at THEN headroom.whole_month_at(of_contract, covered.starts_at)
            ELSE headroom.whole_month_at(of_contract, first_event)
        END,
        last_month);
END
$$;

-- The periods of a contract, in order; of months without a period there is no row.
--   from_month, to_month: first days of calendar months, inclusive; null: as listed_months says; now_at: the present.
-- Columns: starts_at, ends_at: half-open, as cut; first_day, last_day: the local dates of the first and the last
-- instant; days: those that begin in it; state: see month_state; grade, words: see month_grade, null for a period that
-- has not begun; cut_at_start, cut_at_end: whether the contract begins or ends inside it; changed: 'longer' or
-- 'shorter' where the next month has another billing day or zone and so does not begin when this one's terms would have
-- it, else null; ignored: whether it is left out where months are compared, with the reason, when and by whom.
CREATE FUNCTION headroom.periods(of_contract bigint, from_month date, to_month date, now_at timestamptz)
RETURNS TABLE (
    month date,
    starts_at timestamptz,
    ends_at timestamptz,
    time_zone text,
    billing_day smallint,
    first_day date,
    last_day date,
    days bigint,
    unit_limit bigint,
    state text,
    grade text,
    words text,
    cut_at_start boolean,
    cut_at_end boolean,
    changed text,
    ignored boolean,
    reason text,
    noted_at timestamptz,
    noted_by text)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    listed record;
BEGIN
    listed := headroom.listed_months(of_contract, now_at);
    RETURN QUERY
    SELECT
        p.month,
        p.starts_at,
        p.ends_at,
        p.time_zone,
        t.billing_day,
        (p.starts_at AT TIME ZONE p.time_zone)::date,
        ((p.ends_at - INTERVAL '1 microsecond') AT TIME ZONE p.time_zone)::date,
        l.covered,
        headroom.unit_limit(of_contract, p.month),
        headroom.month_state(of_contract, p.month, now_at),
        g.grade,
        g.words,
        p.starts_at > p.whole_starts_at,
        p.ends_at < p.whole_ends_at,
        CASE
            WHEN p.whole_ends_at > e.usual_end THEN 'longer'
            WHEN p.whole_ends_at < e.usual_end THEN 'shorter'
        END,
        coalesce(n.ignored, false),
        CASE WHEN n.ignored THEN n.reason END,
        CASE WHEN n.ignored THEN n.noted_at END,
        CASE WHEN n.ignored THEN n.noted_by END
    FROM generate_series(
        coalesce(from_month, least(listed.first_month, to_month))::timestamp,
        coalesce(to_month, greatest(listed.last_month, from_month))::timestamp, INTERVAL '1 month') AS m (first_date)
    CROSS JOIN LATERAL headroom.period(of_contract, m.first_date::date) AS p
    JOIN headroom.term AS t ON t.term_id = p.term_id
    CROSS JOIN LATERAL headroom.period_length(of_contract, p.month) AS l
    CROSS JOIN LATERAL (
        SELECT headroom.day_start(
            p.time_zone, headroom.billing_date((p.month + INTERVAL '1 month')::date, t.billing_day)) AS usual_end
    ) AS e
    LEFT JOIN LATERAL headroom.month_grade(of_contract, p.month, now_at) AS g ON p.starts_at <= now_at
    LEFT JOIN headroom.period_noted AS n ON n.contract_id = of_contract AND n.month = p.month
    ORDER BY p.month;
END
$$;
