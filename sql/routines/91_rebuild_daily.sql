-- SPDX-License-Identifier: MIT
-- Requests and failed Tweets by day made again from the events, after the calendar has changed.

-- By cause, how many different Tweets of a request failed: of the form that events keep. Causes that are no outcome are
-- together under null. No row for a cause without a Tweet.
CREATE FUNCTION headroom.failed_by_cause(failed json)
RETURNS TABLE (cause headroom.outcome, tweets bigint)
LANGUAGE sql STABLE STRICT ROWS 1
AS $$
    SELECT o.outcome, sum(c.tweets)::bigint
    FROM (
        SELECT j.key AS name, count(DISTINCT t.id) AS tweets
        FROM json_each(failed) AS j
        CROSS JOIN LATERAL json_array_elements_text(j.value) AS t (id)
        GROUP BY j.key
    ) AS c
    LEFT JOIN unnest(enum_range(NULL::headroom.outcome)) AS o (outcome) ON o.outcome::text = c.name
    GROUP BY o.outcome
$$;

-- Deletes a month's rows of daily and daily_failure and makes them again from its events, those of voided batches too,
-- row for row as loading them leaves it. The caller holds the contract's lock FOR UPDATE. The writer, who may not
-- delete any, runs it with the owner's rights: nothing that it writes can be given by the caller.
--   of_month: the first day of the calendar month, without a period: nothing is left; null: what is under no terms.
CREATE FUNCTION headroom.rebuild_daily(of_contract bigint, of_month date)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
DECLARE
    day_starts CONSTANT timestamptz[] := ARRAY(
        SELECT d.starts_at FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit);
    covered record;
    from_at timestamptz := '-infinity';
    until_at timestamptz;
    again_at timestamptz := 'infinity';
BEGIN
    DELETE FROM headroom.daily AS d
    WHERE d.contract_id = of_contract
        AND d.month IS NOT DISTINCT FROM of_month;
    DELETE FROM headroom.daily_failure AS d
    WHERE d.contract_id = of_contract
        AND d.month IS NOT DISTINCT FROM of_month;
    IF of_month IS NULL THEN
        covered := headroom.coverage(of_contract);
        until_at := covered.starts_at;
        again_at := coalesce(covered.ends_at, 'infinity');
    ELSE
        SELECT p.starts_at, p.ends_at
        INTO from_at, until_at
        FROM headroom.period(of_contract, of_month) AS p;
    END IF;
    INSERT INTO headroom.daily (
        batch_id, contract_id, month, day, source, via_app, ownerless, class, endpoint, outcome, requests,
        failed_tweets, rate_limited, rate_remaining_min, rate_limit_max)
    SELECT
        e.batch_id,
        of_contract,
        of_month,
        e.day,
        e.source,
        e.via_app,
        e.ownerless,
        e.class,
        e.endpoint,
        e.outcome,
        count(*),
        -- A Tweet that several causes list failed once.
        coalesce(sum((
            SELECT count(DISTINCT tweet.id)
            FROM json_each(e.failed) AS cause
            CROSS JOIN LATERAL json_array_elements_text(cause.value) AS tweet (id))), 0),
        count(*) FILTER (WHERE e.status = 429),
        min(e.rate_remaining),
        max(e.rate_limit)
    FROM (
        SELECT
            v.*,
            v.subject = '~app' AS ownerless,
            CASE WHEN of_month IS NOT NULL THEN width_bucket(v.occurred_at, day_starts) - 1 END AS day
        FROM headroom.event AS v
        WHERE v.contract_id = of_contract
            AND ((v.occurred_at >= from_at AND v.occurred_at < until_at) OR v.occurred_at >= again_at)
    ) AS e
    GROUP BY e.batch_id, e.day, e.source, e.via_app, e.ownerless, e.class, e.endpoint, e.outcome;
    INSERT INTO headroom.daily_failure (batch_id, contract_id, month, day, cause, requests, tweets)
    SELECT e.batch_id, of_contract, of_month, e.day, f.cause, count(*), sum(f.tweets)
    FROM (
        SELECT
            v.batch_id,
            v.failed,
            CASE WHEN of_month IS NOT NULL THEN width_bucket(v.occurred_at, day_starts) - 1 END AS day
        FROM headroom.event AS v
        WHERE v.contract_id = of_contract
            AND ((v.occurred_at >= from_at AND v.occurred_at < until_at) OR v.occurred_at >= again_at)
            AND v.failed IS NOT NULL
    ) AS e
    CROSS JOIN LATERAL headroom.failed_by_cause(e.failed) AS f
    GROUP BY e.batch_id, e.day, f.cause;
END
$$;

REVOKE ALL ON FUNCTION headroom.rebuild_daily(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.rebuild_daily(bigint, date) TO headroom_writer;
