-- SPDX-License-Identifier: MIT
-- The checks of a month: figures that must agree, found in two ways; and, by reading events, those that share an id.

-- The owner of a subject at an instant.
--   of_contract: whose days decide; of_subject: as in the events.
-- Outside the time that the contract covers, the days are those of the terms nearest to it.
CREATE FUNCTION headroom.owner_at(of_contract bigint, of_subject text, at timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    term headroom.term;
    day date;
BEGIN
    IF of_subject NOT LIKE '@%' THEN
        RETURN of_subject;
    END IF;
    term := headroom.term_of(of_contract, headroom.whole_month_at(of_contract, at));
    day := (at AT TIME ZONE term.time_zone)::date + 1;
    -- Where the clock was set back over midnight, the hour that came again belongs to the new day.
    WHILE headroom.day_start(term.time_zone, day) <= at LOOP
        day := day + 1;
    END LOOP;
    RETURN coalesce(
        (SELECT h.user_id::text
        FROM headroom.handle_days(
            ARRAY[of_subject], ARRAY[day - 1], ARRAY[headroom.day_start(term.time_zone, day)]) AS h
        WHERE h.owned_days & 1 <> 0),
        of_subject);
END
$$;

-- Events of one contract and source with the same id but another time, subject or class, as pairs of one and the next
-- in time, where the earlier one lies in a month. Reads the month's events and looks for their ids in all later ones,
-- but not those of voided batches.
--   of_month: the first day of the calendar month.
-- Columns: source, event_id; of both events the time, subject, whether the app made it alone, class and batch;
-- resolved: whether both have one owner.
CREATE FUNCTION headroom.id_pairs(of_contract bigint, of_month date)
RETURNS TABLE (
    source text,
    event_id text,
    earlier_at timestamptz,
    earlier_subject text,
    earlier_via_app boolean,
    earlier_class headroom.class,
    earlier_batch bigint,
    later_at timestamptz,
    later_subject text,
    later_via_app boolean,
    later_class headroom.class,
    later_batch bigint,
    resolved boolean)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
    span record;
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    RETURN QUERY
    WITH repeated AS (
        SELECT e.source, e.event_id
        FROM headroom.event AS e
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.batch_id <> ALL (voided)
        GROUP BY e.source, e.event_id
        HAVING count(*) > 1
        UNION
        SELECT l.source, l.event_id
        FROM headroom.event AS l
        JOIN headroom.event AS e USING (contract_id, source, event_id)
        WHERE contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND l.occurred_at >= span.ends_at
            AND e.batch_id <> ALL (voided)
            AND l.batch_id <> ALL (voided)
    ),
    pair AS (
        SELECT
            e.source,
            e.event_id,
            e.occurred_at,
            e.subject,
            e.via_app,
            e.class,
            e.batch_id,
            lead(e.occurred_at) OVER same_id AS later_at,
            lead(e.subject) OVER same_id AS later_subject,
            lead(e.via_app) OVER same_id AS later_via_app,
            lead(e.class) OVER same_id AS later_class,
            lead(e.batch_id) OVER same_id AS later_batch
        FROM headroom.event AS e
        JOIN repeated AS r USING (source, event_id)
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.batch_id <> ALL (voided)
        WINDOW same_id AS (
            PARTITION BY e.source, e.event_id ORDER BY e.occurred_at, e.subject, e.via_app, e.class)
    )
    SELECT
        p.*,
        headroom.owner_at(of_contract, p.subject, p.occurred_at)
            = headroom.owner_at(of_contract, p.later_subject, p.later_at)
    FROM pair AS p
    WHERE p.occurred_at < span.ends_at
        AND p.later_at IS NOT NULL;
END
$$;

-- The control totals of a month, from what is kept by day and by batch. Columns: name; expected, found: the figure
-- found in two ways; state: 'pass' where they agree, else 'fail'. Reads no events, and no usage.
--   of_month: the first day of the calendar month; requests, counted_requests: as in month_status.
CREATE FUNCTION headroom.month_totals(
    of_contract bigint, of_month date, requests bigint, counted_requests bigint)
RETURNS TABLE (name text, expected bigint, found bigint, state text)
LANGUAGE plpgsql STABLE STRICT ROWS 4
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH not_counted AS (
        SELECT coalesce(sum(n.requests), 0)::bigint AS requests
        FROM headroom.month_not_counted(of_contract, of_month) AS n
    ),
    days AS (
        SELECT coalesce(sum(d.requests), 0)::bigint AS requests
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
    ),
    -- What the month's batches brought, to any month of the contract, or to any contract.
    batches AS (
        SELECT DISTINCT d.batch_id
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
    ),
    brought AS (
        SELECT
            (SELECT coalesce(sum(d.requests), 0)
            FROM headroom.daily AS d
            JOIN batches USING (batch_id)
            WHERE d.contract_id = of_contract)::bigint AS by_day,
            (SELECT coalesce(sum(s.events), 0)
            FROM headroom.batch_source AS s
            JOIN batches USING (batch_id)
            WHERE s.contract_id = of_contract)::bigint AS by_source,
            (SELECT coalesce(sum(s.events), 0)
            FROM headroom.batch_source AS s
            JOIN batches USING (batch_id))::bigint AS of_sources,
            (SELECT coalesce(sum(b.added), 0)
            FROM headroom.batch AS b
            JOIN batches USING (batch_id))::bigint AS of_batches
    )
    SELECT c.name, c.expected, c.found, CASE WHEN c.expected = c.found THEN 'pass' ELSE 'fail' END
    FROM not_counted, days, brought
    CROSS JOIN LATERAL (VALUES
        (1, 'requests by day', month_totals.requests, days.requests),
        (2, 'counted and not counted', month_totals.requests, counted_requests + not_counted.requests),
        (3, 'requests of its batches by source', brought.by_day, brought.by_source),
        (4, 'events added by its batches', brought.of_sources, brought.of_batches)
    ) AS c (ordinal, name, expected, found)
    ORDER BY c.ordinal;
END
$$;

-- The count of a month against the list of its owners and against its days, which go through all owners one by one.
-- Columns as month_totals. Reads no events.
--   of_month: the first day of the calendar month; unique_handles, counted_requests: as in month_status.
CREATE FUNCTION headroom.list_checks(
    of_contract bigint, of_month date, unique_handles bigint, counted_requests bigint)
RETURNS TABLE (name text, expected bigint, found bigint, state text)
LANGUAGE plpgsql STABLE STRICT ROWS 3
AS $$
#variable_conflict use_column
DECLARE
    rule CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
BEGIN
    RETURN QUERY
    WITH listed AS (
        SELECT count(*) AS owners, coalesce(sum(l.counted_requests), 0)::bigint AS requests
        FROM headroom.counted(of_contract, of_month, rule) AS l
    ),
    days AS (
        SELECT coalesce(sum(d.new_handles), 0)::bigint AS owners
        FROM headroom.month_days(of_contract, of_month, rule) AS d
    )
    SELECT c.name, c.expected, c.found, CASE WHEN c.expected = c.found THEN 'pass' ELSE 'fail' END
    FROM listed, days
    CROSS JOIN LATERAL (VALUES
        (1, 'handles in the list', list_checks.unique_handles, listed.owners),
        (2, 'new handles by day', list_checks.unique_handles, days.owners),
        (3, 'counted requests in the list', list_checks.counted_requests, listed.requests)
    ) AS c (ordinal, name, expected, found)
    ORDER BY c.ordinal;
END
$$;

-- All checks of a month that read no events. Columns as month_totals.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.month_checks(of_contract bigint, of_month date)
RETURNS TABLE (name text, expected bigint, found bigint, state text)
LANGUAGE plpgsql STABLE STRICT ROWS 7
AS $$
#variable_conflict use_column
DECLARE
    counts record;
BEGIN
    SELECT c.*
    INTO counts
    FROM headroom.rule_counts(of_contract, of_month) AS c
    WHERE c.rule = (headroom.term_of(of_contract, of_month)).counting;
    RETURN QUERY
    SELECT l.*
    FROM headroom.list_checks(of_contract, of_month, counts.unique_handles, counts.counted_requests) AS l
    UNION ALL
    SELECT t.*
    FROM headroom.month_totals(of_contract, of_month, counts.requests, counts.counted_requests) AS t;
END
$$;

-- The checks of a month that read its events, and all later ones for their ids: too slow for every statement.
-- Columns as month_checks; 'warn' is what a person should look at, since both events of a pair count as they are.
CREATE FUNCTION headroom.pair_checks(of_contract bigint, of_month date)
RETURNS TABLE (name text, expected bigint, found bigint, state text)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.name, 0::bigint, c.found, CASE WHEN c.found = 0 THEN 'pass' ELSE 'warn' END
    FROM (
        SELECT count(*) AS every, count(*) FILTER (WHERE NOT p.resolved) AS unresolved
        FROM headroom.id_pairs(of_contract, of_month) AS p
    ) AS pairs
    CROSS JOIN LATERAL (VALUES
        (1, 'events that share an id', pairs.every),
        (2, 'of these without one owner', pairs.unresolved)
    ) AS c (ordinal, name, found)
    ORDER BY c.ordinal;
END
$$;
