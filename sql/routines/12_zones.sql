-- SPDX-License-Identifier: MIT
-- Time zones: which names are taken, and how a zone's offset goes.

-- Refuses a name that is no time zone, or one whose meaning depends on the machine.
CREATE FUNCTION headroom.check_zone(time_zone text)
RETURNS void
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF time_zone ~ '^(localtime|posixrules|Factory|posix/.*|right/.*)$' THEN
        PERFORM headroom.refuse(
            format('bad time zone %L: what it means depends on the machine', time_zone),
            'Give a name of the time zone database, such as UTC or America/New_York.');
    END IF;
    -- The list is read from hundreds of files. A zone that terms have was looked up when they were taken down.
    IF EXISTS (SELECT FROM headroom.term AS t WHERE t.time_zone = check_zone.time_zone) THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_timezone_names AS z WHERE z.name = check_zone.time_zone) THEN
        PERFORM headroom.refuse(
            format('unknown time zone %s', coalesce(quote_literal(time_zone), '(none)')),
            coalesce(
                (SELECT format('Did you mean %L?', min(z.name))
                FROM pg_catalog.pg_timezone_names AS z
                WHERE lower(z.name) = lower(time_zone)
                HAVING count(*) > 0),
                'Give a name of the time zone database, such as UTC or America/New_York.'));
    END IF;
END
$$;

-- How far a zone's clock is ahead of UTC at an instant.
CREATE FUNCTION headroom.zone_offset(zone text, at timestamptz)
RETURNS interval
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC')
$$;

-- The offsets of a zone from one instant to another, in order: one row for the first instant, one for each change.
--   zone: a name that check_zone takes; from_at: not before 2006.
-- Columns: starts_at: from when on, to the second; ahead: of UTC.
-- The offset is looked at once a week: since 2006 no zone has changed its own twice within three weeks.
CREATE FUNCTION headroom.zone_offsets(zone text, from_at timestamptz, to_at timestamptz)
RETURNS TABLE (starts_at timestamptz, ahead interval)
LANGUAGE plpgsql STABLE STRICT ROWS 60
AS $$
DECLARE
    before_at timestamptz;
    after_at timestamptz;
    week_at timestamptz := from_at;
    step interval;
BEGIN
    PERFORM headroom.check_zone(zone);
    starts_at := from_at;
    ahead := headroom.zone_offset(zone, from_at);
    RETURN NEXT;
    WHILE week_at < to_at LOOP
        before_at := week_at;
        week_at := week_at + INTERVAL '168 hours';
        CONTINUE WHEN headroom.zone_offset(zone, week_at) = ahead;
        -- The change lies within (before_at, after_at]: halve down to its second.
        after_at := week_at;
        WHILE after_at - before_at > INTERVAL '1 second' LOOP
            step := date_trunc('second', (after_at - before_at) / 2);
            IF headroom.zone_offset(zone, before_at + step) = ahead THEN
                before_at := before_at + step;
            ELSE
                after_at := before_at + step;
            END IF;
        END LOOP;
        starts_at := after_at;
        ahead := headroom.zone_offset(zone, after_at);
        RETURN NEXT;
    END LOOP;
END
$$;
