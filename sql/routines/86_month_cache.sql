-- SPDX-License-Identifier: MIT
-- What going through all subjects of a month gave: from the cache where nothing touched the month since, else anew.
-- Statements, reports and forecasts read it; a close counts again.

-- Other routines may derive something else.
DELETE FROM headroom.month_cache;

-- What is kept of a month; all null where nothing is, or where it may have changed.
--   of_month: the first day of the calendar month.
-- Owners of the day before the month and of the day after it are part of it, whatever month these are in.
CREATE FUNCTION headroom.cached_month(of_contract bigint, of_month date)
RETURNS headroom.month_cache
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    kept headroom.month_cache;
    month_before CONSTANT date := (of_month - INTERVAL '1 month')::date;
    month_after CONSTANT date := (of_month + INTERVAL '1 month')::date;
    span record;
BEGIN
    SELECT c.*
    INTO kept
    FROM headroom.month_cache AS c
    WHERE c.contract_id = of_contract
        AND c.month = of_month;
    IF NOT FOUND THEN
        RETURN kept;
    END IF;
    SELECT p.whole_starts_at - INTERVAL '48 hours' AS from_at, p.whole_ends_at + INTERVAL '48 hours' AS until_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    IF headroom.touched_since(
        of_contract, kept.chain_seq, ARRAY[month_before, of_month, month_after], span.from_at, span.until_at)
    THEN
        RETURN NULL;
    END IF;
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
    rule CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
    kept headroom.month_cache;
BEGIN
    IF current_setting('transaction_read_only')::boolean
        OR NOT EXISTS (SELECT FROM headroom.period(of_contract, of_month))
    THEN
        RETURN;
    END IF;
    kept := headroom.cached_month(of_contract, of_month);
    IF kept.chain_seq IS NOT NULL THEN
        -- The next look has fewer links to go through.
        UPDATE headroom.month_cache AS c
        SET chain_seq = head
        WHERE c.contract_id = of_contract
            AND c.month = of_month
            AND c.chain_seq = kept.chain_seq
            AND c.chain_seq < head;
        RETURN;
    END IF;
    INSERT INTO headroom.month_cache AS c (contract_id, month, chain_seq, new_handles, seen, leave_come)
    SELECT of_contract, of_month, head, d.new_handles, d.seen, b.leave_come
    FROM (
        SELECT array_agg(m.new_handles ORDER BY k.bit) AS new_handles, array_agg(m.seen ORDER BY k.bit) AS seen
        FROM generate_series(0, 62) AS k ("bit")
        LEFT JOIN headroom.month_days(of_contract, of_month, rule) AS m USING ("bit")
    ) AS d
    CROSS JOIN (
        SELECT array_agg(v.owners ORDER BY m.side DESC, v.place) AS leave_come
        FROM headroom.month_moves(of_contract, of_month) AS m
        CROSS JOIN LATERAL (VALUES (1, m.leave), (2, m.come)) AS v (place, owners)
    ) AS b
    ON CONFLICT (contract_id, month) DO UPDATE SET
        chain_seq = excluded.chain_seq,
        new_handles = excluded.new_handles,
        seen = excluded.seen,
        leave_come = excluded.leave_come
    WHERE c.chain_seq <= excluded.chain_seq;
END
$$;

REVOKE ALL ON FUNCTION headroom.keep_month(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.keep_month(bigint, date) TO headroom_reader, headroom_writer;
