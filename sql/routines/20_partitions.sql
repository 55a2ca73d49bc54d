-- SPDX-License-Identifier: MIT
-- Partitions of the events, one a month of event time (UTC).

-- Makes the partition for an instant, where it is missing. The only way in which the writer makes a table: it runs with
-- the owner's rights and a fixed search path. Belongs in a short transaction of its own, before the load that needs it.
-- The bounds are written as text and read again, so the caller's way to write times must not hold here.
CREATE FUNCTION headroom.ensure_partition(at timestamptz)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
    month CONSTANT timestamp NOT NULL := date_trunc('month', at AT TIME ZONE 'UTC');
    partition CONSTANT text := to_char(month, '"event_"YYYY"_"MM');
BEGIN
    IF NOT month BETWEEN TIMESTAMP '2006-01-01' AND TIMESTAMP '9999-12-01' THEN
        RAISE EXCEPTION 'no partition for %: events are kept from 2006 to 9999', at
            USING ERRCODE = 'HR001', HINT = 'Check the time of the event.';
    END IF;
    IF to_regclass(format('headroom.%I', partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    -- One maker at a time. Whoever waited here looks again: somebody else may have made it, and has committed.
    LOCK TABLE headroom.event IN SHARE UPDATE EXCLUSIVE MODE;
    IF to_regclass(format('headroom.%I', partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE headroom.%I (LIKE headroom.event INCLUDING ALL)', partition);
    EXECUTE format(
        'ALTER TABLE headroom.event ATTACH PARTITION headroom.%I FOR VALUES FROM (%L) TO (%L)',
        partition, month AT TIME ZONE 'UTC', (month + INTERVAL '1 month') AT TIME ZONE 'UTC');
END
$$;

REVOKE ALL ON FUNCTION headroom.ensure_partition(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.ensure_partition(timestamptz) TO headroom_writer;
