-- SPDX-License-Identifier: MIT
-- Who owns what: from identity facts to the owner of a handle on each day. The one owner view, which everything reads.
-- Subjects that are handles begin with '@'; in the collation "C" they are the range from '@' to below 'A'.

-- The identity facts in force: a handle, a user id, and when they were first seen together. What a voided batch or a
-- withdrawn import taught is not among them.
CREATE VIEW headroom.fact AS
SELECT
    f.subject,
    f.user_id,
    min(f.first_together) AS first_together
FROM headroom.identity_fact AS f
WHERE f.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[])
GROUP BY f.subject, f.user_id;

-- The claims in force: what imports that were not withdrawn say of who owned a handle from when until when.
CREATE VIEW headroom.claim AS
SELECT c.*
FROM headroom.identity_claim AS c
WHERE c.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[]);

-- When a user took a handle, as far as facts and claims say; null: always before.
CREATE VIEW headroom.taken_handle AS
SELECT f.user_id, f.subject, f.first_together AS taken_at
FROM headroom.fact AS f
UNION ALL
SELECT c.user_id, c.subject, c.valid_from::timestamp AT TIME ZONE 'UTC'
FROM headroom.claim AS c;

GRANT SELECT ON headroom.fact, headroom.claim, headroom.taken_handle TO headroom_reader, headroom_writer;

-- The low bits 0 to n - 1 of a set of days, which has 63.
CREATE FUNCTION headroom.days_below(n integer)
RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE WHEN n >= 63 THEN 9223372036854775807 ELSE (1::bigint << n) - 1 END
$$;

-- Who owned each of some handles on which of some days. On a day a handle belongs to the user whom a claim names that
-- covers the day, of several claims the latest import's (the later line's, in one). Without such a claim it belongs to
-- the user whose fact is the latest before the day's end, else to the earliest; of two with the same first time, to the
-- lower user id.
--   handles: subjects with '@'; days: the dates, in order; day_ends: the ends of these days; without: batches whose
--   facts and claims are left out; where it is not given, those that are voided now.
-- Columns: subject; user_id; owned_days: bit k is set where the user owns day k. Users that own no day are left out,
-- and so are handles of which nothing is known on these days. A handle that is known on some of the days only has a row
-- without a user for the others.
CREATE FUNCTION headroom.handle_days(handles text[], days date[], day_ends timestamptz[], without bigint[])
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
        WHERE f.batch_id <> ALL (without)
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
    ),
    claims AS (
        SELECT
            c.subject,
            c.user_id,
            c.batch_id,
            c.line,
            headroom.days_below(coalesce(width_bucket(c.valid_until - 1, days), cardinality(days)))
                # headroom.days_below(coalesce(width_bucket(c.valid_from - 1, days), 0)) AS covered_days
        FROM unnest(handles) AS h (subject)
        JOIN headroom.identity_claim AS c ON c.subject = h.subject
        WHERE c.batch_id <> ALL (without)
    ),
    claimed AS (
        SELECT c.subject, bit_or(c.covered_days) AS covered_days
        FROM claims AS c
        GROUP BY c.subject
        HAVING bit_or(c.covered_days) <> 0
    ),
    shares AS (
        SELECT
            c.subject,
            c.user_id,
            c.covered_days & ~coalesce(bit_or(c.covered_days) OVER later, 0) AS owned_days
        FROM claims AS c
        WINDOW later AS (
            PARTITION BY c.subject
            ORDER BY c.batch_id DESC, c.line DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        UNION ALL
        SELECT
            s.subject,
            s.user_id,
            (headroom.days_below(s.end_day) # headroom.days_below(s.first_day)) & ~coalesce(c.covered_days, 0)
        FROM spans AS s
        LEFT JOIN claimed AS c ON c.subject = s.subject
        WHERE s.first_day < s.end_day
        UNION ALL
        SELECT c.subject, NULL, headroom.days_below(cardinality(days)) & ~c.covered_days
        FROM claimed AS c
        WHERE c.subject NOT IN (SELECT k.subject FROM known AS k)
    )
    SELECT s.subject, s.user_id, bit_or(s.owned_days)
    FROM shares AS s
    GROUP BY s.subject, s.user_id
    HAVING bit_or(s.owned_days) <> 0;
END
$$;

CREATE FUNCTION headroom.handle_days(handles text[], days date[], day_ends timestamptz[])
RETURNS TABLE (subject text, user_id bigint, owned_days bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN QUERY
    SELECT h.* FROM headroom.handle_days(handles, days, day_ends, headroom.voided_batches()) AS h;
END
$$;

-- The handles of a month's usage of whose owners something is known. Reads no facts where no handle was used.
--   of_month: the first day of the calendar month.
-- Columns: subject; owner: the user id's digits, or the subject itself on days for which no user is known; owned_days:
-- the bits of the days on which the owner has the handle; shared: whether others have it on other days of the period.
-- Facts may be many more than the month's handles: then each handle is looked up, also where a caller's own joins must
-- not do so. The costs say that pages are in memory and what counts is each row that is passed over: with those of a
-- server as it is installed, 20 times as many facts as handles were read whole, for twice the time.
CREATE FUNCTION headroom.handle_owners(of_contract bigint, of_month date)
RETURNS TABLE (subject text, owner text, owned_days bigint, shared boolean)
LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED ROWS 20000
SET enable_nestloop = on
SET enable_mergejoin = off
SET random_page_cost = 1
SET cpu_tuple_cost = 0.03
SET max_parallel_workers_per_gather = 0
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
BEGIN
    IF NOT EXISTS (
        SELECT FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND u.subject >= '@'
            AND u.subject < 'A')
        OR NOT EXISTS (SELECT FROM headroom.identity_fact)
        AND NOT EXISTS (SELECT FROM headroom.identity_claim)
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
            AND f.batch_id <> ALL (voided)
        GROUP BY f.subject
    ),
    claimed AS MATERIALIZED (
        SELECT DISTINCT c.subject
        FROM headroom.usage AS u
        JOIN headroom.identity_claim AS c ON c.subject = u.subject
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND u.subject >= '@'
            AND u.subject < 'A'
            AND c.batch_id <> ALL (voided)
    ),
    day AS (
        SELECT array_agg(d.day ORDER BY d.bit) AS dates, array_agg(d.ends_at ORDER BY d.bit) AS ends
        FROM headroom.period_days(of_contract, of_month) AS d
    )
    SELECT
        k.subject,
        k.lowest::text,
        headroom.days_below(63),
        false
    FROM known AS k
    WHERE k.lowest = k.highest
        AND k.subject NOT IN (SELECT c.subject FROM claimed AS c)
    UNION ALL
    SELECT
        h.subject,
        coalesce(h.user_id::text, h.subject),
        h.owned_days,
        count(*) OVER (PARTITION BY h.subject) > 1
    FROM day
    CROSS JOIN LATERAL headroom.handle_days(
        ARRAY(
            SELECT k.subject FROM known AS k WHERE k.lowest < k.highest
            UNION
            SELECT c.subject FROM claimed AS c),
        day.dates,
        day.ends) AS h;
END
$$;
