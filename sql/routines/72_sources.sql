-- SPDX-License-Identifier: MIT
-- Whether the sources of a contract delivered all of a month: silences, gaps, days, and the month's grade.
--
-- The rule, in the one place where it stands. All of it is known to the hour, from the hours (UTC) in which a source
-- had events; what came in voided batches is left out.
-- - A silence is a stretch between two hours with events, or the one since the last event.
-- - A source's usual spacing is the longest silence of an ordinary week: of the 13 weeks up to the month's end (or now)
--   the median of each week's longest silence, weeks without events left out. It takes three weeks with events to know;
--   until then it is taken for a weekend, 64 hours.
-- - A gap is a silence longer than two and a half times the usual spacing and than 6 hours; or a day (of the contract's
--   zone) without events where of the same weekday in the 8 weeks before at least 7 had some.
-- - Requests that went through a gateway and are not in the ledger are a gap of its source, wherever they lie: those
--   that it forwarded without a record, and those whose number never came.
-- - A stretch for which a reader (a follower, a gateway) says that it has read the source without a break is else no
--   gap, however silent the source was.
-- - An event endpoint that listens moves a source's data until on, and no more: what applications keep to themselves it
-- does not know, so that a source which stopped sending is silent, and has gaps, by its events alone.
-- - The count of a day that a gap touches may be too low.
-- - A source counts for a month when it delivered, or was read, in the month before it or later, and began before the
--   month's end. It is silent when the stretch since it last delivered, or was last read, is longer than its silences
--   may be, up to now (in a month that is over: up to its end).
-- - The grade of a month: 'gaps' when a source has one in it; else 'began' when the contract's first event of all lies
--   in it, on a later day than its first; else 'complete' when readers have read all its sources without a break from
--   its start (or a source's own) to its end, or to 6 hours before now; else 'unknown': files only, which do not say
--   whether there should have been more.

-- The sources of a contract as a month sees them; no row where the month has no period.
--   of_month: the first day of the calendar month; now_at: the present; stale: how long a source may be silent now;
--   null: by the rule; left_out: batches that are as if they were not there, null: the voided ones.
-- Columns: first_event, last_event and events: of all time, null where a source was only ever read; delivered_until:
-- exclusive; is_active: it counts for the month; usual: its usual spacing, null: not known; allowed: how long a silence
-- may be; silent_since: null unless it is silent; gaps: within the month; low_days: of the contract's zone, in order;
-- is_read: whether readers have read all of the month so far; listened_since, listened_until: how far an event endpoint
-- has listened without a break, the one that did last; null: none has.
CREATE FUNCTION headroom.month_sources(
    of_contract bigint, of_month date, now_at timestamptz, stale interval DEFAULT NULL,
    left_out bigint[] DEFAULT NULL)
RETURNS TABLE (
    source text,
    first_event timestamptz,
    last_event timestamptz,
    events bigint,
    delivered_until timestamptz,
    is_active boolean,
    usual interval,
    allowed interval,
    silent_since timestamptz,
    gaps tstzmultirange,
    low_days date[],
    is_read boolean,
    listened_since timestamptz,
    listened_until timestamptz)
LANGUAGE plpgsql STABLE ROWS 10
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    active_since CONSTANT timestamptz := headroom.whole_start(of_contract, (of_month - INTERVAL '1 month')::date);
    span record;
    seen_until timestamptz;
    look_from timestamptz;
    look_until timestamptz;
BEGIN
    SELECT p.starts_at, p.ends_at, p.time_zone
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    seen_until := least(span.ends_at, now_at);
    -- Far enough to both sides to know a silence that reaches beyond the month.
    look_from := seen_until - INTERVAL '2184 hours';
    look_until := least(span.ends_at + INTERVAL '672 hours', now_at);
    RETURN QUERY
    WITH reader AS (
        SELECT
            u.source,
            min(u.since) AS since,
            max(u.until) AS until,
            coalesce(range_agg(tstzrange(u.since, u.until)) FILTER (WHERE u.since < u.until), '{}') AS stretches
        FROM headroom.source_until AS u
        WHERE u.contract_id = of_contract
        GROUP BY u.source
    ),
    brought AS (
        SELECT b.* FROM headroom.sources_brought(of_contract, left_out) AS b
    ),
    listener AS (
        SELECT DISTINCT ON (l.source) l.source, l.since, l.until
        FROM headroom.source_listened AS l
        WHERE l.contract_id = of_contract
        ORDER BY l.source, l.until DESC, l.listener
    ),
    hour AS MATERIALIZED (
        SELECT
            d.source,
            TIMESTAMPTZ '2000-01-01Z' + ((d.day - DATE '2000-01-01') * 24 + h) * INTERVAL '1 hour' AS starts_at
        FROM headroom.source_days(
            of_contract, (look_from AT TIME ZONE 'UTC')::date, (look_until AT TIME ZONE 'UTC')::date, left_out) AS d
        JOIN generate_series(0, 23) AS h ON d.hours >> h & 1 = 1
    ),
    silence AS MATERIALIZED (
        SELECT
            h.source,
            h.starts_at + INTERVAL '1 hour' AS starts_at,
            lead(h.starts_at) OVER (PARTITION BY h.source ORDER BY h.starts_at) AS ends_at
        FROM hour AS h
    ),
    week AS (
        SELECT s.source, max(s.ends_at - s.starts_at) AS longest
        FROM silence AS s
        WHERE s.ends_at IS NOT NULL
        GROUP BY s.source, date_bin(INTERVAL '168 hours', s.starts_at, TIMESTAMPTZ '2001-01-01Z')
    ),
    spacing AS (
        SELECT w.source, percentile_disc(0.5) WITHIN GROUP (ORDER BY w.longest) AS usual
        FROM week AS w
        GROUP BY w.source
        HAVING count(*) >= 3
    ),
    known AS MATERIALIZED (
        SELECT
            source,
            b.first_event,
            b.last_event,
            b.events,
            greatest(b.last_event + INTERVAL '1 microsecond', r.until) AS brought_until,
            greatest(b.last_event + INTERVAL '1 microsecond', r.until, l.until) AS delivered_until,
            greatest(b.last_event + INTERVAL '1 microsecond', r.until) >= active_since
                AND least(b.first_event, r.since) < seen_until AS is_active,
            coalesce(b.last_event + INTERVAL '1 microsecond', r.since) AS silent_from,
            s.usual,
            greatest(2.5 * coalesce(s.usual, INTERVAL '64 hours'), INTERVAL '6 hours') AS allowed,
            coalesce(r.stretches, '{}') AS stretches,
            l.since AS listened_since,
            l.until AS listened_until
        FROM brought AS b
        FULL JOIN reader AS r USING (source)
        LEFT JOIN spacing AS s USING (source)
        LEFT JOIN listener AS l USING (source)
    ),
    -- What nobody vouches for: the silences without what was read of them, the one since the last event as well.
    unread AS (
        SELECT k.source, k.allowed, piece
        FROM known AS k
        JOIN silence AS s USING (source)
        CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange(s.starts_at, s.ends_at)) - k.stretches) AS piece
        WHERE s.ends_at - s.starts_at > k.allowed
        UNION ALL
        SELECT k.source, k.allowed, piece
        FROM known AS k
        CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange(k.silent_from, look_until)) - k.stretches) AS piece
        WHERE k.is_active
            AND k.silent_from < look_until
    ),
    day AS MATERIALIZED (
        SELECT d.day, d.starts_at, d.ends_at
        FROM headroom.period_days(of_contract, of_month) AS d
    ),
    -- An hour of UTC may lie on two days of the zone; then it speaks for both.
    spoken_day AS MATERIALIZED (
        SELECT DISTINCT h.source, ((h.starts_at + m.part) AT TIME ZONE span.time_zone)::date AS day
        FROM hour AS h
        CROSS JOIN (VALUES (INTERVAL '0'), (INTERVAL '59 minutes')) AS m (part)
    ),
    missing_day AS MATERIALIZED (
        SELECT k.source, d.day FROM known AS k CROSS JOIN day AS d
        EXCEPT
        SELECT s.source, s.day FROM spoken_day AS s
    ),
    lost_day AS (
        SELECT k.source, tstzrange(d.starts_at, d.ends_at) AS piece
        FROM missing_day AS m
        JOIN known AS k USING (source)
        JOIN day AS d USING (day)
        WHERE d.ends_at <= k.delivered_until
            AND NOT k.stretches @> tstzrange(d.starts_at, d.ends_at)
            AND (
                SELECT count(*)
                FROM spoken_day AS s
                WHERE s.source = m.source
                    AND m.day - s.day BETWEEN 7 AND 56
                    AND (m.day - s.day) % 7 = 0) >= 7
    ),
    gap AS (
        -- The planner looks at the range, whatever WHERE says.
        SELECT
            g.source,
            range_agg(g.piece) * tstzmultirange(
                tstzrange(span.starts_at, greatest(span.starts_at, seen_until))) AS gaps
        FROM (
            SELECT u.source, u.piece FROM unread AS u WHERE upper(u.piece) - lower(u.piece) > u.allowed
            UNION ALL
            SELECT l.source, l.piece FROM lost_day AS l
            UNION ALL
            SELECT k.source, tstzrange(o.starts_at, o.ends_at)
            FROM known AS k
            JOIN headroom.gateway_lost AS o USING (source)
        ) AS g
        WHERE span.starts_at < seen_until
        GROUP BY g.source
    )
    SELECT
        k.source,
        k.first_event,
        k.last_event,
        k.events,
        k.delivered_until,
        k.is_active,
        k.usual,
        k.allowed,
        CASE
            WHEN k.is_active AND seen_until - k.brought_until > coalesce(stale, k.allowed)
                THEN k.brought_until
        END,
        coalesce(g.gaps, '{}'),
        ARRAY(
            SELECT d.day
            FROM day AS d
            WHERE g.gaps && tstzrange(d.starts_at, d.ends_at)
            ORDER BY d.day),
        k.stretches @> greatest(span.starts_at, k.first_event) AND k.stretches @> tstzrange(
            greatest(span.starts_at, k.first_event),
            greatest(
                span.starts_at, k.first_event,
                CASE WHEN now_at < span.ends_at THEN now_at - INTERVAL '6 hours' ELSE span.ends_at END)),
        k.listened_since,
        k.listened_until
    FROM known AS k
    LEFT JOIN gap AS g USING (source)
    ORDER BY k.source COLLATE "C";
END
$$;

-- Days as a text: "2026-03-04, 2026-03-09 to 2026-03-11". Days must be in order and different; null where there is
-- none.
CREATE FUNCTION headroom.days_text(days date[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN (
        SELECT string_agg(
            to_char(run.first_day, 'YYYY-MM-DD')
                || CASE WHEN run.last_day > run.first_day THEN to_char(run.last_day, '" to "YYYY-MM-DD') ELSE '' END,
            ', ' ORDER BY run.first_day)
        FROM (
            SELECT min(d.day) AS first_day, max(d.day) AS last_day
            FROM unnest(days) WITH ORDINALITY AS d (day, place)
            GROUP BY d.day - d.place::integer
        ) AS run);
END
$$;

-- A time as RFC 3339 has it in a zone.
CREATE FUNCTION headroom.zone_time_text(of_time timestamptz, zone text)
RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    ahead interval := (of_time AT TIME ZONE zone) - (of_time AT TIME ZONE 'UTC');
BEGIN
    RETURN to_char(of_time AT TIME ZONE zone, 'YYYY-MM-DD"T"HH24:MI:SS')
        || CASE
            WHEN ahead = interval '0' THEN 'Z'
            WHEN ahead < interval '0' THEN to_char(-ahead, '"-"HH24:MI')
            ELSE to_char(ahead, '"+"HH24:MI')
        END;
END
$$;

-- The grade of a contract's month, by the rule above. One row.
-- Columns: grade: complete, gaps, began or unknown; low_days: whose count may be too low, because of any source;
-- began_on: the date of the first event of all, where that is why; words: the grade for a person; silent: which sources
-- are silent and since when (in the zone of the month's terms), or that none has delivered for so long that none
-- counts; null where all is well.
CREATE FUNCTION headroom.month_grade(
    of_contract bigint, of_month date, now_at timestamptz,
    OUT grade text, OUT low_days date[], OUT began_on date, OUT words text, OUT silent text)
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    span record;
    seen record;
BEGIN
    SELECT p.starts_at, p.ends_at, p.time_zone
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    WITH of_month_sources AS MATERIALIZED (
        SELECT s.* FROM headroom.month_sources(of_contract, of_month, now_at) AS s
    )
    SELECT
        min(s.first_event) AS first_event,
        max(s.delivered_until) FILTER (WHERE s.delivered_until < span.ends_at) AS delivered_until,
        coalesce(bool_or(s.is_active), false) AS is_active,
        coalesce(bool_and(s.is_read) FILTER (WHERE s.is_active), false) AS is_read,
        string_agg(
            format('source ''%s'' has been silent since %s', s.source,
                headroom.zone_time_text(s.silent_since, span.time_zone)),
            '; ' ORDER BY s.source COLLATE "C") FILTER (WHERE s.silent_since IS NOT NULL) AS silent,
        ARRAY(
            SELECT DISTINCT d.day
            FROM of_month_sources AS o
            CROSS JOIN LATERAL unnest(o.low_days) AS d (day)
            ORDER BY d.day) AS low_days
    INTO seen
    FROM of_month_sources AS s;
    silent := CASE
        WHEN seen.is_active THEN seen.silent
        ELSE format(
            'no source has delivered since %s', headroom.zone_time_text(seen.delivered_until, span.time_zone))
    END;
    IF seen.delivered_until IS NULL THEN
        silent := NULL;
    END IF;
    low_days := seen.low_days;
    IF low_days <> '{}' THEN
        grade := 'gaps';
        words := format('gaps on %s day%s', cardinality(low_days), CASE WHEN cardinality(low_days) > 1 THEN 's' END);
    ELSIF seen.first_event < span.ends_at
        AND (seen.first_event AT TIME ZONE span.time_zone)::date > (span.starts_at AT TIME ZONE span.time_zone)::date
    THEN
        grade := 'began';
        began_on := (seen.first_event AT TIME ZONE span.time_zone)::date;
        words := 'began ' || to_char(began_on, 'YYYY-MM-DD');
    ELSIF seen.is_read THEN
        grade := 'complete';
        words := 'complete';
    ELSE
        grade := 'unknown';
        words := 'unknown';
    END IF;
END
$$;
