-- SPDX-License-Identifier: MIT
-- What a list of user ids and handles that are going to be used adds to a month.

-- Whom each of some subjects counts as on the day of an instant.
--   of_month: the first day of the calendar month; planned_at: within the month's period; subjects: digits, or '@' and
--   the handle.
-- Columns: place, from 1; owner: of a handle the user id of who owns it on that day, where one is known; else the
-- subject itself.
CREATE FUNCTION headroom.planned_owners(of_contract bigint, of_month date, planned_at timestamptz, subjects text[])
RETURNS TABLE (place bigint, owner text)
LANGUAGE plpgsql STABLE STRICT ROWS 20000
SET enable_nestloop = on
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH owned AS MATERIALIZED (
        SELECT h.subject, h.user_id::text AS owner
        FROM headroom.period_days(of_contract, of_month) AS d
        CROSS JOIN LATERAL headroom.handle_days(
            ARRAY(SELECT DISTINCT s FROM unnest(subjects) AS s WHERE s LIKE '@%'),
            ARRAY[d.day],
            ARRAY[d.ends_at]) AS h
        WHERE d.starts_at <= planned_at
            AND d.ends_at > planned_at
            AND h.user_id IS NOT NULL
    )
    SELECT s.place, coalesce(o.owner, s.subject)
    FROM unnest(subjects) WITH ORDINALITY AS s (subject, place)
    LEFT JOIN owned AS o USING (subject);
END
$$;

-- How many of them are counted already, and how many are new: one row.
--   of_month, planned_at, subjects: as above, in the order in which they are going to be used; known_until: what has an
--   event before it is counted; room: how many new ones the limit still has room for; null: there is no limit, or it is
--   passed.
-- Columns: handles: different owners; counted: of these, by events before known_until; new: the others; repeated:
-- subjects whose owner stands before them already; passing: the place, from 1, of the new one that passes the limit;
-- null: none does.
CREATE FUNCTION headroom.plan(
    of_contract bigint, of_month date, planned_at timestamptz, known_until timestamptz, subjects text[], room bigint)
RETURNS TABLE (handles bigint, counted bigint, new bigint, repeated bigint, passing bigint)
LANGUAGE plpgsql STABLE ROWS 1
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH named AS (
        SELECT p.owner, min(p.place) AS place
        FROM headroom.planned_owners(of_contract, of_month, planned_at, subjects) AS p
        GROUP BY p.owner
    ),
    used AS MATERIALIZED (
        SELECT c.owner
        FROM headroom.counted(of_contract, of_month, (headroom.term_of(of_contract, of_month)).counting) AS c
        WHERE c.first_seen < known_until
    ),
    judged AS (
        SELECT
            n.place,
            u.owner IS NULL AS is_new,
            row_number() OVER (PARTITION BY u.owner IS NULL ORDER BY n.place) AS nth
        FROM named AS n
        LEFT JOIN used AS u USING (owner)
    )
    SELECT
        count(*),
        count(*) FILTER (WHERE NOT j.is_new),
        count(*) FILTER (WHERE j.is_new),
        cardinality(subjects) - count(*),
        min(j.place) FILTER (WHERE j.is_new AND j.nth = room + 1)
    FROM judged AS j;
END
$$;
