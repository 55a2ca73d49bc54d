-- SPDX-License-Identifier: MIT
-- How near a month came to the vendor's rate limit, by minute and app. Reads no events.

-- The minutes of a month of whose rate limit something is known, voided batches left out; of a closed month as when it
-- was closed.
--   of_month: the first day of the calendar month.
-- Columns: minute: its begin; app: as it may be shown, null: none was logged; requests: that say something of the
-- limit; rate_limited: answers 429; rate_remaining: the least that was left, rate_limit: the allowance, both null where
-- no answer said so; used: the share of the allowance, 1 where an answer was 429, null where nothing tells.
CREATE FUNCTION headroom.rate_minutes(of_contract bigint, of_month date)
RETURNS TABLE (
    minute timestamptz, app text, requests bigint, rate_limited bigint, rate_remaining integer, rate_limit integer,
    used numeric)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    absent CONSTANT bigint[] NOT NULL := headroom.absent_since(headroom.stated_until(of_contract, of_month));
BEGIN
    RETURN QUERY
    SELECT
        m.minute,
        CASE WHEN m.app IS NOT NULL THEN headroom.shown_app(a.name, m.app) END,
        m.requests,
        m.rate_limited,
        m.rate_remaining,
        m.rate_limit,
        CASE
            WHEN m.rate_limited > 0 THEN 1
            WHEN m.rate_limit > 0 AND m.rate_remaining IS NOT NULL THEN
                greatest(m.rate_limit - m.rate_remaining, 0)::numeric / m.rate_limit
        END
    FROM (
        SELECT
            r.minute,
            r.app,
            sum(r.requests)::bigint AS requests,
            sum(r.rate_limited)::bigint AS rate_limited,
            min(r.rate_remaining_min) AS rate_remaining,
            max(r.rate_limit_max) AS rate_limit
        FROM headroom.period(of_contract, of_month) AS p
        JOIN headroom.rate_minute AS r ON r.minute >= p.starts_at AND r.minute < p.ends_at
        WHERE r.contract_id = of_contract
            AND r.batch_id <> ALL (absent)
        GROUP BY r.minute, r.app
    ) AS m
    LEFT JOIN headroom.contract_app AS a ON a.app_key = m.app AND a.contract_id = of_contract;
END
$$;

-- How near a month came to the rate limit: the minute in which an app used most of its allowance, the first such one.
--   of_month: the first day of the calendar month. No row where no answer said anything of the limit.
-- Columns: minute, app, requests, rate_remaining, rate_limit, used: of that minute, as rate_minutes; rate_limited:
-- answers 429 in the whole month; limited_minutes: with such an answer.
CREATE FUNCTION headroom.month_rate(of_contract bigint, of_month date)
RETURNS TABLE (
    minute timestamptz, app text, requests bigint, rate_remaining integer, rate_limit integer, used numeric,
    rate_limited bigint, limited_minutes bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        m.minute, m.app, m.requests, m.rate_remaining, m.rate_limit, m.used,
        (sum(m.rate_limited) OVER ())::bigint,
        count(*) FILTER (WHERE m.rate_limited > 0) OVER ()
    FROM headroom.rate_minutes(of_contract, of_month) AS m
    ORDER BY m.used DESC NULLS LAST, m.minute, m.app
    LIMIT 1;
END
$$;

-- How near a minute came to the rate limit, for a person. used: as in rate_minutes.
CREATE FUNCTION headroom.rate_words(rate_limited bigint, used numeric)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN rate_limited > 0 THEN 'Requests were refused'
        WHEN used > 0.9 THEN 'Less than a tenth was left'
        WHEN used IS NOT NULL THEN 'Within the limit'
        ELSE 'The log does not say enough'
    END
$$;
