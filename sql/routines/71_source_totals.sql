-- SPDX-License-Identifier: MIT
-- What the batches of a contract add up to by source, kept so that nobody reads them all.

-- What a contract's sources brought, and when they spoke first and last; no row of a source all of whose batches are
-- left out.
--   left_out: batches that are as if they were not there: then all the contract's batches are read; null: the voided
--   ones.
CREATE FUNCTION headroom.sources_brought(of_contract bigint, left_out bigint[] DEFAULT NULL)
RETURNS TABLE (source text, events bigint, first_event timestamptz, last_event timestamptz)
LANGUAGE plpgsql STABLE ROWS 10
AS $$
#variable_conflict use_column
BEGIN
    IF left_out IS NULL THEN
        RETURN QUERY
        SELECT t.source, t.events, t.first_event, t.last_event
        FROM headroom.source_total AS t
        WHERE t.contract_id = of_contract;
    ELSE
        RETURN QUERY
        SELECT b.source, sum(b.events)::bigint, min(b.first_event), max(b.last_event)
        FROM headroom.batch_source AS b
        WHERE b.contract_id = of_contract
            AND b.batch_id <> ALL (left_out)
        GROUP BY b.source;
    END IF;
END
$$;

-- The hours in which a contract's sources spoke, by day (UTC).
--   from_day, to_day: inclusive; left_out: as in sources_brought.
CREATE FUNCTION headroom.source_days(
    of_contract bigint, from_day date, to_day date, left_out bigint[] DEFAULT NULL)
RETURNS TABLE (source text, day date, hours integer)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
    IF left_out IS NULL THEN
        RETURN QUERY
        SELECT t.source, t.day, t.hours
        FROM headroom.source_day AS t
        WHERE t.contract_id = of_contract
            AND t.day BETWEEN from_day AND to_day;
    ELSE
        RETURN QUERY
        SELECT h.source, h.day, bit_or(h.hours)
        FROM headroom.source_hours AS h
        WHERE h.contract_id = of_contract
            AND h.day BETWEEN from_day AND to_day
            AND h.batch_id <> ALL (left_out)
        GROUP BY h.source, h.day;
    END IF;
END
$$;

-- Adds what a new batch brought. Once, in the batch's transaction, behind all that it waits for but the chain's head,
-- since loaders of the same source wait for one another from here to the commit. Only what follows from the batch is
-- written: so the writer, who may not change it otherwise, runs it with the owner's rights.
-- Most batches add no new hour, and then no row is touched: a concurrent loader can only add hours, and whoever takes
-- some away has the contract's lock FOR UPDATE.
CREATE FUNCTION headroom.add_batch_sources(of_batch bigint)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
AS $$
BEGIN
    INSERT INTO headroom.source_total AS t (contract_id, source, events, first_event, last_event)
    SELECT b.contract_id, b.source, b.events, b.first_event, b.last_event
    FROM headroom.batch_source AS b
    WHERE b.batch_id = of_batch
    ORDER BY b.contract_id, b.source
    ON CONFLICT (contract_id, source) DO UPDATE SET
        events = t.events + excluded.events,
        first_event = least(t.first_event, excluded.first_event),
        last_event = greatest(t.last_event, excluded.last_event);
    INSERT INTO headroom.source_day AS t (contract_id, source, day, hours)
    SELECT h.contract_id, h.source, h.day, h.hours
    FROM headroom.source_hours AS h
    WHERE h.batch_id = of_batch
        AND NOT EXISTS (
            SELECT
            FROM headroom.source_day AS d
            WHERE d.contract_id = h.contract_id
                AND d.source = h.source
                AND d.day = h.day
                AND d.hours | h.hours = d.hours)
    ORDER BY h.contract_id, h.source, h.day
    ON CONFLICT (contract_id, source, day) DO UPDATE SET hours = t.hours | excluded.hours;
END
$$;

REVOKE ALL ON FUNCTION headroom.add_batch_sources(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.add_batch_sources(bigint) TO headroom_writer;

-- Makes again what some batches of a contract add to, after they were voided or restored. The caller holds the
-- contract's lock FOR UPDATE. Reads all batches of the contract for what their sources add up to, and of the days on
-- which these spoke in them. Nothing that it writes can be given by the caller: so the writer runs it with the owner's
-- rights.
CREATE FUNCTION headroom.rebuild_sources(of_contract bigint, batches bigint[])
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
    voided CONSTANT bigint[] := headroom.voided_batches();
    sources CONSTANT text[] := ARRAY(
        SELECT DISTINCT b.source
        FROM headroom.batch_source AS b
        WHERE b.batch_id = ANY (batches)
            AND b.contract_id = of_contract);
    span record;
BEGIN
    DELETE FROM headroom.source_total AS t
    WHERE t.contract_id = of_contract
        AND t.source = ANY (sources);
    INSERT INTO headroom.source_total (contract_id, source, events, first_event, last_event)
    SELECT of_contract, b.source, b.events, b.first_event, b.last_event
    FROM headroom.sources_brought(of_contract, voided) AS b
    WHERE b.source = ANY (sources);
    SELECT min(h.day) AS first_day, max(h.day) AS last_day
    INTO span
    FROM headroom.source_hours AS h
    WHERE h.batch_id = ANY (batches)
        AND h.contract_id = of_contract;
    DELETE FROM headroom.source_day AS t
    WHERE t.contract_id = of_contract
        AND t.source = ANY (sources)
        AND t.day BETWEEN span.first_day AND span.last_day;
    INSERT INTO headroom.source_day (contract_id, source, day, hours)
    SELECT of_contract, d.source, d.day, d.hours
    FROM headroom.source_days(of_contract, span.first_day, span.last_day, voided) AS d
    WHERE d.source = ANY (sources);
END
$$;

REVOKE ALL ON FUNCTION headroom.rebuild_sources(bigint, bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.rebuild_sources(bigint, bigint[]) TO headroom_writer;
