-- SPDX-License-Identifier: MIT
-- Who had which handle from when until when, as far as is known: the owner view over all time, for a person to read.

-- The owners of some handles over time, by the same rule as the counts.
--   handles: subjects with '@'; time_zone: whose days.
-- Columns: subject; user_id: null on days for which no user is known; from_day: null: always before; until_day: the
-- first day that is another's; null: without end. In no order; handles of which nothing is known are left out.
-- Between two days on which a fact or a claim begins or ends nothing changes, so that only these are asked for.
CREATE FUNCTION headroom.handle_tenures(handles text[], time_zone text)
RETURNS TABLE (subject text, user_id bigint, from_day date, until_day date)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH said AS MATERIALIZED (
        SELECT f.subject, f.user_id, (f.first_together AT TIME ZONE time_zone)::date AS day, false AS claimed
        FROM headroom.fact AS f
        WHERE f.subject = ANY (handles)
        UNION ALL
        SELECT c.subject, c.user_id, d.day, true
        FROM headroom.claim AS c
        CROSS JOIN LATERAL (VALUES (c.valid_from), (c.valid_until)) AS d (day)
        WHERE c.subject = ANY (handles)
            AND d.day IS NOT NULL
    ),
    known AS (
        SELECT
            s.subject,
            min(s.user_id) AS lowest,
            min(s.day) AS first_day,
            bool_or(s.claimed) OR min(s.user_id) < max(s.user_id) AS changes
        FROM said AS s
        GROUP BY s.subject
    ),
    -- An hour that comes again around midnight belongs to the day after: that one is asked for too.
    points AS (
        SELECT s.subject, s.day + n.days AS day
        FROM said AS s
        CROSS JOIN (VALUES (0), (1)) AS n (days)
        UNION
        SELECT k.subject, k.first_day - 1
        FROM known AS k
    ),
    owned AS (
        SELECT p.subject, p.day, h.user_id, lag(h.user_id) OVER by_day AS user_before, row_number() OVER by_day AS place
        FROM points AS p
        JOIN known AS k ON k.subject = p.subject AND k.changes
        LEFT JOIN LATERAL headroom.handle_days(
            ARRAY[p.subject], ARRAY[p.day], ARRAY[headroom.day_start(time_zone, p.day + 1)]) AS h ON true
        WINDOW by_day AS (PARTITION BY p.subject ORDER BY p.day)
    )
    SELECT k.subject, k.lowest, NULL::date, NULL::date
    FROM known AS k
    WHERE NOT k.changes
    UNION ALL
    SELECT
        o.subject,
        o.user_id,
        CASE WHEN o.place > 1 THEN o.day END,
        lead(o.day) OVER (PARTITION BY o.subject ORDER BY o.day)
    FROM owned AS o
    WHERE o.place = 1
        OR o.user_id IS DISTINCT FROM o.user_before;
END
$$;
