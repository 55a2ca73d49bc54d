-- SPDX-License-Identifier: MIT
-- Which owners of a month are there for the first time, and which return.

-- Those of some owners that do not count in a month as it is counted now.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule; owners: the user ids' digits,
--   '@handle' or '~' and a digest; may_share: false where no row of the month can share an owner with another one.
-- Only the owners asked for are looked up, and the subjects that may share an owner.
CREATE FUNCTION headroom.not_counting(
    of_contract bigint, of_month date, of_rule text, owners text[], may_share boolean)
RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
DECLARE
    of_class CONSTANT headroom.class := (SELECT r.class FROM headroom.counting_rule AS r WHERE r.rule = of_rule);
    sharing text[] := '{}';
    sharing_owners text[] := '{}';
BEGIN
    IF may_share THEN
        SELECT array_agg(s.subject), array_agg(s.owner) FILTER (WHERE s.days <> 0)
        INTO sharing, sharing_owners
        FROM headroom.shared_usage(of_contract, of_month, of_rule) AS s;
    END IF;
    RETURN ARRAY(
        SELECT o.owner
        FROM unnest(owners) AS o (owner)
        WHERE o.owner NOT IN (SELECT s.owner FROM unnest(sharing_owners) AS s (owner))
            AND NOT EXISTS (
                SELECT
                FROM headroom.usage AS u
                WHERE u.contract_id = of_contract
                    AND u.month = of_month
                    AND u.subject = o.owner
                    AND NOT u.via_app
                    AND u.subject NOT IN (SELECT s.subject FROM unnest(sharing) AS s (subject))
                    AND headroom.of_class(of_class, u.attempted_days, u.answered_days, u.delivered_days) <> 0));
END
$$;

-- The owners that count in a month, and whether they return: an owner is there for the first time when it counted in
-- no earlier month of the contract, each under its own rule, with ownership as known today and a closed month as it
-- was sealed; else it returns. Of a closed month both are as it was sealed.
--   of_month: the first day of the calendar month. No row where it has no period.
-- Columns: owner; days: the bits of the days on which it counts; returns.
CREATE FUNCTION headroom.returning_owners(of_contract bigint, of_month date)
RETURNS TABLE (owner text, days bigint, returns boolean)
LANGUAGE plpgsql STABLE STRICT ROWS 10000
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT bigint := (headroom.seal_of(of_contract, of_month)).seal_id;
    of_rule CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
    owners text[];
    owner_days bigint[];
    unseen text[];
    earlier record;
BEGIN
    RETURN QUERY
    SELECT s.owner, s.days, s.returns
    FROM headroom.seal_owner AS s
    WHERE s.seal_id = sealed
        AND s.returns IS NOT NULL;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(o.owner), '{}'), coalesce(array_agg(o.days), '{}')
    INTO owners, owner_days
    FROM (
        SELECT s.owner, s.days
        FROM headroom.seal_owner AS s
        WHERE s.seal_id = sealed
        UNION ALL
        SELECT c.owner, c.days
        FROM headroom.owners_on(of_contract, of_month, CASE WHEN sealed IS NULL THEN of_rule END, -1) AS c
    ) AS o;
    unseen := owners;
    -- The newest first: most are found in the month before.
    FOR earlier IN
        SELECT month, m.may_share, s.seal_id
        FROM (
            SELECT
                t.month,
                bool_or(t.subject_kind = 'handle' OR (t.via_app AND t.subject_kind <> 'app')) AS may_share
            FROM headroom.usage_total AS t
            WHERE t.contract_id = of_contract
                AND t.month < of_month
            GROUP BY t.month
        ) AS m
        FULL JOIN (
            SELECT f.month, f.seal_id
            FROM headroom.seal_in_force AS f
            WHERE f.contract_id = of_contract
                AND f.month < of_month
        ) AS s USING (month)
        ORDER BY month DESC
    LOOP
        EXIT WHEN cardinality(unseen) = 0;
        IF earlier.seal_id IS NULL THEN
            unseen := headroom.not_counting(
                of_contract, earlier.month, (headroom.term_of(of_contract, earlier.month)).counting, unseen,
                earlier.may_share);
        ELSE
            unseen := ARRAY(
                SELECT o.owner
                FROM unnest(unseen) AS o (owner)
                WHERE o.owner NOT IN (
                    SELECT s.owner FROM headroom.seal_owner AS s WHERE s.seal_id = earlier.seal_id));
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT o.owner, o.days, n.owner IS NULL
    FROM unnest(owners, owner_days) AS o (owner, days)
    LEFT JOIN unnest(unseen) AS n (owner) ON n.owner = o.owner;
END
$$;

-- Those of returning_owners that return. Goes through no owners where the contract has no earlier month, unless
-- the month is closed.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.returned_owners(of_contract bigint, of_month date)
RETURNS TABLE (owner text)
LANGUAGE plpgsql STABLE STRICT ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM headroom.usage_total AS t
        WHERE t.contract_id = of_contract
            AND t.month < of_month
        UNION ALL
        SELECT
        FROM headroom.seal_in_force AS s
        WHERE s.contract_id = of_contract
            AND s.month <= of_month)
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.owner
    FROM headroom.returning_owners(of_contract, of_month) AS r
    WHERE r.returns;
END
$$;

-- Those of a month that are there for the first time, by the day on which they began to count; no row for other days.
--   of_month: the first day of the calendar month. Columns: bit: of the day, in the uncut period.
CREATE FUNCTION headroom.first_time_days(of_contract bigint, of_month date)
RETURNS TABLE ("bit" smallint, first_time bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 31
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH began AS (
        -- The lowest bit of a set is the first day of it.
        SELECT r.days & -r.days AS day, count(*) AS owners
        FROM headroom.returning_owners(of_contract, of_month) AS r
        WHERE NOT r.returns
        GROUP BY 1
    )
    SELECT k.bit::smallint, b.owners
    FROM generate_series(0, 62) AS k ("bit")
    JOIN began AS b ON b.day = 1::bigint << k.bit;
END
$$;
