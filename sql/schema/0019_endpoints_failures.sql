-- SPDX-License-Identifier: MIT
-- Which endpoints were used in an owner's name, and why Tweets failed: kept as batches are taken in, so that reports
-- read no events.

-- Merges by bit-or.
ALTER TABLE headroom.usage ADD COLUMN endpoints smallint NOT NULL DEFAULT 0;
ALTER TABLE headroom.usage ALTER COLUMN endpoints DROP DEFAULT;
COMMENT ON COLUMN headroom.usage.endpoints IS 'bit set: 1 totals, 2 28hr, 4 historical; 0: no request names one';

ALTER TABLE headroom.seal_owner ADD COLUMN endpoints smallint;
COMMENT ON COLUMN headroom.seal_owner.endpoints IS
    'as in usage, of all requests of the owner; null: sealed before this was kept';

-- Failed Tweets by day: rows are only ever inserted, one set a batch, as in daily. A Tweet that a request lists under
-- several causes is in the row of each.
CREATE TABLE headroom.daily_failure (
    batch_id    bigint NOT NULL,
    contract_id bigint NOT NULL,
    month       date,                    -- null: under no terms
    day         smallint,                -- the day's bit; null as month
    cause       headroom.outcome,        -- null: another word
    requests    bigint NOT NULL,         -- that list a Tweet under the cause
    tweets      bigint NOT NULL,         -- different ones of each request
    UNIQUE NULLS NOT DISTINCT (contract_id, month, day, batch_id, cause)
);

GRANT SELECT ON headroom.daily_failure TO headroom_reader, headroom_writer;
GRANT INSERT ON headroom.daily_failure TO headroom_writer;

-- What is there already, from the events, once, a month at a time. The calendar is that of the program before, whose
-- routines are still there: they are replaced after the migrations.
DO $$
DECLARE
    used record;
    from_at timestamptz;
    until_at timestamptz;
    again_at timestamptz;
    day_starts timestamptz[];
    voided bigint[];
BEGIN
    FOR used IN SELECT DISTINCT d.contract_id, d.month FROM headroom.daily AS d LOOP
        voided := headroom.voided_batches();
        day_starts := NULL;
        again_at := 'infinity';
        IF used.month IS NULL THEN
            SELECT '-infinity', c.starts_at, coalesce(c.ends_at, 'infinity')
            INTO from_at, until_at, again_at
            FROM headroom.coverage(used.contract_id) AS c;
        ELSE
            SELECT p.starts_at, p.ends_at
            INTO from_at, until_at
            FROM headroom.period(used.contract_id, used.month) AS p;
            day_starts := ARRAY(
                SELECT d.starts_at FROM headroom.period_days(used.contract_id, used.month) AS d ORDER BY d.bit);
        END IF;
        UPDATE headroom.usage AS u
        SET endpoints = e.endpoints
        FROM (
            SELECT
                v.subject,
                v.via_app,
                bit_or(CASE v.endpoint WHEN 'totals' THEN 1 WHEN '28hr' THEN 2 ELSE 4 END)::smallint AS endpoints
            FROM headroom.event AS v
            WHERE v.contract_id = used.contract_id
                AND v.occurred_at >= from_at
                AND v.occurred_at < until_at
                AND v.endpoint IS NOT NULL
                AND v.batch_id <> ALL (voided)
            GROUP BY v.subject, v.via_app
        ) AS e
        WHERE u.contract_id = used.contract_id
            AND u.month = used.month
            AND u.subject = e.subject
            AND u.via_app = e.via_app;
        INSERT INTO headroom.daily_failure (batch_id, contract_id, month, day, cause, requests, tweets)
        SELECT
            v.batch_id,
            used.contract_id,
            used.month,
            width_bucket(v.occurred_at, day_starts) - 1 AS day,
            f.cause,
            count(*),
            sum(f.tweets)
        FROM headroom.event AS v
        CROSS JOIN LATERAL (
            SELECT o.outcome AS cause, sum(c.tweets) AS tweets
            FROM (
                SELECT j.key AS name, count(DISTINCT t.id) AS tweets
                FROM json_each(v.failed) AS j
                CROSS JOIN LATERAL json_array_elements_text(j.value) AS t (id)
                GROUP BY j.key
            ) AS c
            LEFT JOIN unnest(enum_range(NULL::headroom.outcome)) AS o (outcome) ON o.outcome::text = c.name
            GROUP BY o.outcome
        ) AS f
        WHERE v.contract_id = used.contract_id
            AND ((v.occurred_at >= from_at AND v.occurred_at < until_at) OR v.occurred_at >= again_at)
            AND v.failed IS NOT NULL
        GROUP BY v.batch_id, 4, f.cause;
    END LOOP;
END
$$;
