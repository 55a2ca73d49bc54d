-- SPDX-License-Identifier: MIT
-- The proof of the maintained count: counted again from the raw events, the facts and the claims. Shares with the usage
-- and with what counts it only the calendar and the rules' names, so that a mistake in one is not made in both.

-- The owners that a month's events of handles have, with the highest class of these requests: by a user, and by a user
-- or the app. Reads all of the month's events. How many days of handles these are is not known before: planned as one,
-- as for a partition that was filled since it was analyzed, nested loops would compare each of them with each.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.recounted_handles(of_contract bigint, of_month date)
RETURNS TABLE (owner text, by_user headroom.class, by_any headroom.class)
LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off
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
    WITH used AS MATERIALIZED (
        SELECT
            e.subject,
            days[b.bit + 1] AS day,
            day_ends[b.bit + 1] AS day_end,
            max(e.class) FILTER (WHERE NOT e.via_app) AS by_user,
            max(e.class) AS by_any
        FROM headroom.event AS e
        CROSS JOIN LATERAL (SELECT width_bucket(e.occurred_at, day_ends) AS "bit") AS b
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.subject >= '@'
            AND e.subject < 'A'
            AND (cardinality(voided) = 0 OR e.batch_id <> ALL (voided))
        GROUP BY e.subject, b.bit
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
        ORDER BY
            u.subject,
            u.day_end,
            (f.first_together < u.day_end) DESC,
            CASE WHEN f.first_together < u.day_end THEN f.first_together END DESC,
            f.first_together,
            f.user_id
    )
    SELECT coalesce(c.user_id::text, n.user_id::text, u.subject), max(u.by_user), max(u.by_any)
    FROM used AS u
    LEFT JOIN claimed AS c ON c.subject = u.subject AND c.day = u.day
    LEFT JOIN named AS n ON n.subject = u.subject AND n.day_end = u.day_end
    GROUP BY 1;
END
$$;

-- A month's unique handles under each of the six rules, from the events. Reads all of the month's events.
--   of_month: the first day of the calendar month.
-- Where no batch is voided nothing but columns of the key is asked of an event, so that the index answers; for that the
-- plan is made with the values at hand. Subjects are sorted, never hashed, and joined in that order: memory stays
-- within work_mem. Where nothing is known of any handle, each is its own owner.
CREATE FUNCTION headroom.recount(of_contract bigint, of_month date)
RETURNS TABLE (rule text, unique_handles bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 6
SET plan_cache_mode = force_custom_plan
SET enable_hashagg = off
SET enable_hashjoin = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
    handles_known CONSTANT boolean NOT NULL :=
        EXISTS (SELECT FROM headroom.identity_fact) OR EXISTS (SELECT FROM headroom.identity_claim);
    span record;
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    RETURN QUERY
    WITH direct AS NOT MATERIALIZED (
        SELECT e.subject, max(e.class) FILTER (WHERE NOT e.via_app) AS by_user, max(e.class) AS by_any
        FROM headroom.event AS e
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.subject <> '~app'
            AND (NOT handles_known OR e.subject < '@' OR e.subject >= 'A')
            AND (cardinality(voided) = 0 OR e.batch_id <> ALL (voided))
        GROUP BY e.subject
    ),
    owner AS (
        SELECT greatest(d.by_user, h.by_user) AS by_user, greatest(d.by_any, h.by_any) AS by_any
        FROM direct AS d
        FULL JOIN (
            SELECT k.*
            FROM headroom.recounted_handles(of_contract, of_month) AS k
            WHERE handles_known
        ) AS h ON h.owner = d.subject
    ),
    counts AS (
        SELECT ARRAY[
            count(*) FILTER (WHERE o.by_user >= 'attempted'),
            count(*) FILTER (WHERE o.by_any >= 'attempted'),
            count(*) FILTER (WHERE o.by_user >= 'answered'),
            count(*) FILTER (WHERE o.by_any >= 'answered'),
            count(*) FILTER (WHERE o.by_user = 'delivered'),
            count(*) FILTER (WHERE o.by_any = 'delivered')] AS owners
        FROM owner AS o
    )
    SELECT r.rule, c.owners[r.place]
    FROM headroom.counting_rule AS r
    CROSS JOIN counts AS c;
END
$$;

-- Whether a month's usage adds up to its totals, by which the owners are counted: the number of subjects with days of
-- each class, and of their requests. One row. Goes through all subjects of the month.
--   of_month: the first day of the calendar month. Columns: expected: by the totals; found: in the usage.
CREATE FUNCTION headroom.usage_sum(of_contract bigint, of_month date)
RETURNS TABLE (expected bigint, found bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.total, u.total
    FROM (
        SELECT coalesce(sum(
            k.attempted_subjects + k.answered_subjects + k.delivered_subjects
            + k.requests + k.attempted_requests + k.answered_requests + k.delivered_requests), 0)::bigint AS total
        FROM headroom.usage_total AS k
        WHERE k.contract_id = of_contract
            AND k.month = of_month
    ) AS t
    CROSS JOIN (
        SELECT coalesce(sum(
            (r.attempted_days <> 0)::integer + (r.answered_days <> 0)::integer + (r.delivered_days <> 0)::integer
            + r.requests + r.attempted_requests + r.answered_requests + r.delivered_requests), 0)::bigint AS total
        FROM headroom.usage AS r
        WHERE r.contract_id = of_contract
            AND r.month = of_month
    ) AS u;
END
$$;

-- What is kept of a month beside its count, against the events, and what is kept of its contract's sources, against
-- their batches: for each figure how many rows differ. Reads all of the month's events and the contract's batches, and
-- goes through all subjects of the month.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.recount_kept(of_contract bigint, of_month date)
RETURNS TABLE (name text, differing bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 5
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
    day_ends CONSTANT timestamptz[] := ARRAY(
        SELECT d.ends_at FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit);
    span record;
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    RETURN QUERY
    WITH used AS (
        SELECT
            e.subject,
            e.via_app,
            coalesce(bool_or(e.endpoint = 'totals'), false)::integer
                + 2 * coalesce(bool_or(e.endpoint = '28hr'), false)::integer
                + 4 * coalesce(bool_or(e.endpoint = 'historical'), false)::integer AS endpoints
        FROM headroom.event AS e
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.batch_id <> ALL (voided)
        GROUP BY e.subject, e.via_app
    ),
    kept AS (
        SELECT u.subject, u.via_app, u.endpoints
        FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
    ),
    listed AS (
        SELECT DISTINCT e.batch_id, e.ordinal, e.occurred_at, c.cause, t.tweet
        FROM headroom.event AS e
        CROSS JOIN LATERAL json_object_keys(e.failed) AS c (cause)
        CROSS JOIN LATERAL json_array_elements_text(e.failed -> c.cause) AS t (tweet)
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.failed IS NOT NULL
    ),
    failed AS (
        SELECT
            l.batch_id,
            width_bucket(l.occurred_at, day_ends)::smallint AS day,
            CASE WHEN l.cause = ANY (enum_range(NULL::headroom.outcome)::text[]) THEN l.cause END AS cause,
            count(*) AS tweets,
            count(DISTINCT l.ordinal) AS requests
        FROM listed AS l
        GROUP BY 1, 2, 3
    ),
    kept_failed AS (
        SELECT d.batch_id, d.day, d.cause::text AS cause, d.tweets, d.requests
        FROM headroom.daily_failure AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
    ),
    rated AS (
        SELECT
            e.batch_id,
            to_timestamp(floor(EXTRACT(EPOCH FROM e.occurred_at) / 60) * 60) AS minute,
            e.app,
            count(*) AS requests,
            count(*) FILTER (WHERE e.status = 429) AS rate_limited,
            min(e.rate_remaining) AS rate_remaining,
            max(e.rate_limit) AS rate_limit
        FROM headroom.event AS e
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND (e.rate_limit IS NOT NULL OR e.rate_remaining IS NOT NULL OR e.status = 429)
        GROUP BY 1, 2, 3
    ),
    kept_rated AS (
        SELECT r.batch_id, r.minute, r.app, r.requests, r.rate_limited, r.rate_remaining_min, r.rate_limit_max
        FROM headroom.rate_minute AS r
        WHERE r.contract_id = of_contract
            AND r.minute >= span.starts_at
            AND r.minute < span.ends_at
    ),
    brought AS (
        SELECT b.source, sum(b.events)::bigint AS events, min(b.first_event), max(b.last_event)
        FROM headroom.batch_source AS b
        WHERE b.contract_id = of_contract
            AND b.batch_id <> ALL (voided)
        GROUP BY b.source
    ),
    kept_brought AS (
        SELECT t.source, t.events, t.first_event, t.last_event
        FROM headroom.source_total AS t
        WHERE t.contract_id = of_contract
    ),
    spoken AS (
        SELECT h.source, h.day, bit_or(h.hours) AS hours
        FROM headroom.source_hours AS h
        WHERE h.contract_id = of_contract
            AND h.batch_id <> ALL (voided)
        GROUP BY h.source, h.day
    ),
    kept_spoken AS (
        SELECT t.source, t.day, t.hours
        FROM headroom.source_day AS t
        WHERE t.contract_id = of_contract
    )
    SELECT 'subjects with other endpoints', count(*)
    FROM used AS u
    FULL JOIN kept AS k USING (subject, via_app)
    WHERE u.endpoints IS DISTINCT FROM k.endpoints
    UNION ALL
    SELECT 'days and causes with other failed Tweets', count(*)
    FROM (
        (TABLE failed EXCEPT TABLE kept_failed)
        UNION ALL
        (TABLE kept_failed EXCEPT TABLE failed)
    ) AS d
    UNION ALL
    SELECT 'minutes with another use of the rate limit', count(*)
    FROM (
        (TABLE rated EXCEPT ALL TABLE kept_rated)
        UNION ALL
        (TABLE kept_rated EXCEPT ALL TABLE rated)
    ) AS r
    UNION ALL
    SELECT 'sources with another number or span of events', count(*)
    FROM (
        (TABLE brought EXCEPT TABLE kept_brought)
        UNION ALL
        (TABLE kept_brought EXCEPT TABLE brought)
    ) AS b
    UNION ALL
    SELECT 'days on which a source spoke in other hours', count(*)
    FROM (
        (TABLE spoken EXCEPT TABLE kept_spoken)
        UNION ALL
        (TABLE kept_spoken EXCEPT TABLE spoken)
    ) AS h;
END
$$;

-- Up to which class an owner counts, for a person: "delivered", "answered, with +app delivered"; null where it does not
-- count under any rule.
CREATE FUNCTION headroom.counts_up_to(by_user headroom.class, by_any headroom.class)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT nullif(concat_ws(
        ', ',
        nullif(by_user, 'not_attempted')::text,
        CASE WHEN by_any > coalesce(by_user, 'not_attempted') THEN 'with +app ' || by_any END), '')
$$;

-- The owners of a month that the usage and the events do not count alike under every rule. Reads all of the month's
-- events, and goes through all owners of the usage.
--   of_month: the first day of the calendar month.
-- Columns: owner; maintained, recounted: see counts_up_to.
CREATE FUNCTION headroom.recount_differences(of_contract bigint, of_month date)
RETURNS TABLE (owner text, maintained text, recounted text)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
BEGIN
    RETURN QUERY
    WITH kept AS (
        SELECT
            o.owner,
            max(headroom.best_class(o.attempted_days, o.answered_days, o.delivered_days))
                FILTER (WHERE NOT o.via_app) AS by_user,
            max(headroom.best_class(o.attempted_days, o.answered_days, o.delivered_days)) AS by_any
        FROM headroom.owned_usage(of_contract, of_month) AS o
        WHERE o.owner <> '~app'
        GROUP BY o.owner
    ),
    direct AS (
        SELECT e.subject, max(e.class) FILTER (WHERE NOT e.via_app) AS by_user, max(e.class) AS by_any
        FROM headroom.period(of_contract, of_month) AS p
        JOIN headroom.event AS e ON e.occurred_at >= p.starts_at AND e.occurred_at < p.ends_at
        WHERE e.contract_id = of_contract
            AND e.subject <> '~app'
            AND (e.subject < '@' OR e.subject >= 'A')
            AND e.batch_id <> ALL (voided)
        GROUP BY e.subject
    ),
    events AS (
        SELECT
            coalesce(d.subject, h.owner) AS owner,
            greatest(d.by_user, h.by_user) AS by_user,
            greatest(d.by_any, h.by_any) AS by_any
        FROM direct AS d
        FULL JOIN headroom.recounted_handles(of_contract, of_month) AS h ON h.owner = d.subject
    ),
    both_ways AS (
        SELECT
            owner,
            headroom.counts_up_to(k.by_user, k.by_any) AS maintained,
            headroom.counts_up_to(e.by_user, e.by_any) AS recounted
        FROM kept AS k
        FULL JOIN events AS e USING (owner)
    )
    SELECT b.owner, b.maintained, b.recounted
    FROM both_ways AS b
    WHERE b.maintained IS DISTINCT FROM b.recounted;
END
$$;
