-- SPDX-License-Identifier: MIT
-- How requests came out on the days of a month, counted or not.

-- Whether a request failed: its outcome is neither ok nor partial; where a log names none, it was not answered.
CREATE FUNCTION headroom.is_failure(outcome headroom.outcome, class headroom.class)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(outcome NOT IN ('ok', 'partial'), class < 'answered')
$$;

-- The days of a month with requests; of a closed month without those of batches that were taken in since.
--   of_month: the first day of the calendar month.
-- Columns: bit: of the day, in the uncut period; failures: requests that failed; most_frequent: how most of these came
-- out, null where none failed; rate_limited: answers 429; rate_remaining: the least that was left of the rate limit,
-- rate_limit: the limit, both null where no answer said so.
CREATE FUNCTION headroom.stated_request_days(of_contract bigint, of_month date)
RETURNS TABLE (
    "bit" smallint,
    failures bigint,
    most_frequent text,
    rate_limited bigint,
    rate_remaining bigint,
    rate_limit bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 31
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    later CONSTANT bigint[] := headroom.batches_after(headroom.stated_until(of_contract, of_month));
BEGIN
    RETURN QUERY
    WITH outcome_of_day AS (
        SELECT
            d.day,
            CASE
                WHEN headroom.is_failure(d.outcome, d.class) THEN coalesce(d.outcome::text, 'no outcome')
            END AS failed,
            sum(d.requests)::bigint AS requests,
            sum(d.rate_limited)::bigint AS rate_limited,
            min(d.rate_remaining_min) AS rate_remaining,
            max(d.rate_limit_max) AS rate_limit
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
            AND d.batch_id <> ALL (later)
        GROUP BY 1, 2
    )
    SELECT
        o.day,
        coalesce(sum(o.requests) FILTER (WHERE o.failed IS NOT NULL), 0)::bigint,
        (array_agg(o.failed ORDER BY o.requests DESC, o.failed COLLATE "C") FILTER (WHERE o.failed IS NOT NULL))[1],
        sum(o.rate_limited)::bigint,
        min(o.rate_remaining)::bigint,
        max(o.rate_limit)::bigint
    FROM outcome_of_day AS o
    GROUP BY o.day;
END
$$;
