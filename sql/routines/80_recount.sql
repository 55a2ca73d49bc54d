-- SPDX-License-Identifier: MIT
-- The proof of the maintained count: counted again from the raw events, the facts and the claims. Shares with the usage
-- and with what counts it only the calendar and the rules' names, so that a mistake in one is not made in both.

-- A month's unique handles under each of the six rules, from the events. Reads all of the month's events.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.recount(of_contract bigint, of_month date)
RETURNS TABLE (rule text, unique_handles bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 6
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    days CONSTANT date[] := ARRAY(
        SELECT d.day FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit);
    day_ends CONSTANT timestamptz[] := ARRAY(
        SELECT d.ends_at FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit);
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
    span record;
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    RETURN QUERY
    WITH used AS (
        SELECT DISTINCT
            e.subject,
            e.via_app,
            e.class,
            days[b.bit + 1] AS day,
            day_ends[b.bit + 1] AS day_end
        FROM headroom.event AS e
        CROSS JOIN LATERAL (SELECT width_bucket(e.occurred_at, day_ends) AS "bit") AS b
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.subject <> '~app'
            AND e.batch_id <> ALL (voided)
    ),
    -- The user of a handle on a day: the one of the latest import that speaks of the day.
    claimed AS (
        SELECT DISTINCT ON (u.subject, u.day) u.subject, u.day, c.user_id
        FROM used AS u
        JOIN headroom.claim AS c ON c.subject = u.subject
        WHERE u.day >= coalesce(c.valid_from, '-infinity')
            AND u.day < coalesce(c.valid_until, 'infinity')
        ORDER BY u.subject, u.day, c.batch_id DESC, c.line DESC
    ),
    -- Else of the latest fact before the day's end, else of the earliest; of two with the same time, the lower user id.
    named AS (
        SELECT DISTINCT ON (u.subject, u.day_end) u.subject, u.day_end, f.user_id
        FROM used AS u
        JOIN headroom.fact AS f ON f.subject = u.subject
        WHERE u.subject >= '@'
            AND u.subject < 'A'
        ORDER BY
            u.subject,
            u.day_end,
            (f.first_together < u.day_end) DESC,
            CASE WHEN f.first_together < u.day_end THEN f.first_together END DESC,
            f.first_together,
            f.user_id
    ),
    owner AS (
        SELECT
            coalesce(c.user_id::text, n.user_id::text, u.subject) AS owner,
            max(u.class) FILTER (WHERE NOT u.via_app) AS by_user,
            max(u.class) AS by_any
        FROM used AS u
        LEFT JOIN claimed AS c ON c.subject = u.subject AND c.day = u.day
        LEFT JOIN named AS n ON n.subject = u.subject AND n.day_end = u.day_end
        GROUP BY 1
    )
    SELECT r.rule, count(o.owner)
    FROM headroom.counting_rule AS r
    LEFT JOIN owner AS o ON CASE WHEN r.with_app THEN o.by_any ELSE o.by_user END >= r.class
    GROUP BY r.rule;
END
$$;
