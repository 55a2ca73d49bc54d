-- SPDX-License-Identifier: MIT
-- Who owns what: from identity facts to the owner of a handle on each day. The one owner view, which everything reads.
-- Subjects that are handles begin with '@'; in the collation "C" they are the range from '@' to below 'A'.

-- The identity facts in force: a handle, a user id, and when they were first seen together.
CREATE VIEW headroom.fact AS
SELECT
    f.subject,
    f.user_id,
    min(f.first_together) AS first_together
FROM headroom.identity_fact AS f
GROUP BY f.subject, f.user_id;

GRANT SELECT ON headroom.fact TO headroom_reader, headroom_writer;

-- The low bits 0 to n - 1 of a set of days, which has 63.
CREATE FUNCTION headroom.days_below(n integer)
RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE WHEN n >= 63 THEN 9223372036854775807 ELSE (1::bigint << n) - 1 END
$$;

-- Who owned each of some handles on which of some days. On a day a handle belongs to the user whose fact is the latest
-- before the day's end, else to the earliest; of two with the same first time, to the lower user id.
--   handles: subjects with '@'; day_ends: the ends of the days, in order.
-- Columns: subject, user_id; owned_days: bit k is set where the user owns day k. Users that own no day are left out,
-- and so are handles without facts.
CREATE FUNCTION headroom.handle_days(handles text[], day_ends timestamptz[])
RETURNS TABLE (subject text, user_id bigint, owned_days bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    -- A fact acts from the day within which its time lies, the earliest one from the start; the next fact ends it. Of
    -- facts that act from the same day only the last keeps a day, and of equal times the lower user id comes last.
    RETURN QUERY
    WITH known AS (
        SELECT
            f.subject,
            f.user_id,
            min(f.first_together) AS first_together
        FROM unnest(handles) AS h (subject)
        JOIN headroom.identity_fact AS f ON f.subject = h.subject
        GROUP BY f.subject, f.user_id
    ),
    acting AS (
        SELECT
            k.subject,
            k.user_id,
            k.first_together,
            CASE WHEN k.first_together > min(k.first_together) OVER (PARTITION BY k.subject)
                THEN width_bucket(k.first_together, day_ends)
                ELSE 0
            END AS first_day
        FROM known AS k
    ),
    spans AS (
        SELECT
            a.subject,
            a.user_id,
            a.first_day,
            lead(a.first_day, 1, cardinality(day_ends))
                OVER (PARTITION BY a.subject ORDER BY a.first_together, a.user_id DESC) AS end_day
        FROM acting AS a
    )
    SELECT
        s.subject,
        s.user_id,
        headroom.days_below(s.end_day) # headroom.days_below(s.first_day)
    FROM spans AS s
    WHERE s.first_day < s.end_day;
END
$$;

-- The handles of a month's usage that have identity facts, with their owners. Reads no facts where no handle was used.
--   of_month: the first day of the calendar month.
-- Columns: subject; user_id; owned_days: the bits of the days on which the user owns the handle; shared: whether others
-- own it on other days of the period.
-- Facts may be many more than the month's handles, so that each handle is looked up, also where a caller's own joins
-- must not do so.
CREATE FUNCTION headroom.handle_owners(of_contract bigint, of_month date)
RETURNS TABLE (subject text, user_id bigint, owned_days bigint, shared boolean)
LANGUAGE plpgsql STABLE STRICT ROWS 20000
SET enable_nestloop = on
AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (
        SELECT FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND u.subject >= '@'
            AND u.subject < 'A')
        OR NOT EXISTS (SELECT FROM headroom.identity_fact)
    THEN
        RETURN;
    END IF;
    -- Nearly every handle has had one user ever: then the times of its facts need not be looked at.
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT
            f.subject,
            min(f.user_id) AS lowest,
            max(f.user_id) AS highest
        FROM headroom.usage AS u
        JOIN headroom.identity_fact AS f ON f.subject = u.subject
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND u.subject >= '@'
            AND u.subject < 'A'
        GROUP BY f.subject
    )
    SELECT
        k.subject,
        k.lowest,
        headroom.days_below(63),
        false
    FROM known AS k
    WHERE k.lowest = k.highest
    UNION ALL
    SELECT
        h.subject,
        h.user_id,
        h.owned_days,
        count(*) OVER (PARTITION BY h.subject) > 1
    FROM headroom.handle_days(
        ARRAY(SELECT k.subject FROM known AS k WHERE k.lowest < k.highest),
        ARRAY(SELECT d.ends_at FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit)) AS h;
END
$$;
