-- SPDX-License-Identifier: MIT
-- The billing calendar over zones, billing days 1 to 31 and the years 2015 to 2040, with amendments of day and zone,
-- against an oracle of its own: the spans in which a zone keeps its offset, and plain arithmetic of dates.
-- HEADROOM_TEST_FULL: all zones on every day; else some zones around each change of the clock, and fewer contracts.
BEGIN;
SELECT plan(17);

\getenv seed HEADROOM_TEST_SEED
\if :{?seed}
\else
\set seed 1
\endif
\getenv full HEADROOM_TEST_FULL
\if :{?full}
\else
\set full ''
\endif
SELECT :'full' <> '' AS full_numbers \gset
SELECT diag('seed ' || :'seed');
SELECT setseed((:'seed'::bigint % 1000003) / 1000003.0) \gset ignored_
SET LOCAL timezone = 'Pacific/Apia';
SET LOCAL jit = off;

-- Everyday a tenth of the zones, and those whose clocks are odd.
CREATE TEMP TABLE zone AS
SELECT z.name
FROM pg_timezone_names AS z
WHERE z.name !~ '^(localtime|posixrules|Factory|posix/.*|right/.*)$'
    AND (:'full_numbers' OR random() < 0.1 OR z.name IN (
        'UTC', 'America/Havana', 'Atlantic/Azores', 'Asia/Beirut', 'Australia/Lord_Howe', 'Antarctica/Troll',
        'Africa/Casablanca', 'America/Sao_Paulo', 'America/Asuncion', 'Asia/Gaza', 'Pacific/Apia', 'Pacific/Pago_Pago',
        'Pacific/Kiritimati', 'Asia/Kathmandu', 'Asia/Pyongyang', 'Europe/Berlin', 'America/New_York'));

-- In [starts_at, ends_at) the zone's clock is ahead of UTC by a constant. A change is found by its week, then its hour,
-- then its minute.
CREATE FUNCTION pg_temp.changes(from_at timestamptz, to_at timestamptz, of_zone text, step interval)
RETURNS SETOF timestamptz
LANGUAGE sql STABLE
AS $$
    SELECT t
    FROM generate_series(from_at, to_at, step) AS t
    WHERE (t AT TIME ZONE of_zone) - ((t - step) AT TIME ZONE of_zone) <> step
$$;
CREATE TEMP TABLE span AS
SELECT
    c.zone,
    c.starts_at,
    coalesce(lead(c.starts_at) OVER (PARTITION BY c.zone ORDER BY c.starts_at), 'infinity') AS ends_at,
    (greatest(c.starts_at, '2013-01-01Z') AT TIME ZONE c.zone)
        - (greatest(c.starts_at, '2013-01-01Z') AT TIME ZONE 'UTC') AS ahead
FROM (
    SELECT z.name AS zone, TIMESTAMPTZ '-infinity' AS starts_at
    FROM zone AS z
    UNION ALL
    SELECT z.name, minute
    FROM zone AS z
    CROSS JOIN LATERAL pg_temp.changes('2013-01-01Z', '2043-01-01Z', z.name, INTERVAL '168 hours') AS week
    CROSS JOIN LATERAL pg_temp.changes(week - INTERVAL '167 hours', week, z.name, INTERVAL '1 hour') AS hour
    CROSS JOIN LATERAL pg_temp.changes(hour - INTERVAL '59 minutes', hour, z.name, INTERVAL '1 minute') AS minute
) AS c;
CREATE INDEX ON span (zone, starts_at);
ANALYZE span;

-- The first instant whose local date is on or after a day: within a span it is midnight by its offset, or its start.
CREATE FUNCTION pg_temp.first_instant(of_zone text, day date)
RETURNS timestamptz
LANGUAGE sql STABLE
AS $$
    SELECT min(greatest(s.starts_at, day::timestamp AT TIME ZONE 'UTC' - s.ahead))
    FROM span AS s
    WHERE s.zone = of_zone
        AND s.ends_at > day::timestamp AT TIME ZONE 'UTC' - INTERVAL '48 hours'
        AND s.starts_at < day::timestamp AT TIME ZONE 'UTC' + INTERVAL '48 hours'
        AND greatest(s.starts_at, day::timestamp AT TIME ZONE 'UTC' - s.ahead) < s.ends_at
$$;

-- ---- days ----

-- At full numbers every day of the years (each billing date of each day is one of them), else the days around changes.
CREATE TEMP TABLE looked_at (zone, day) AS
SELECT z.name, d::date
FROM zone AS z
CROSS JOIN generate_series(TIMESTAMP '2015-01-01', TIMESTAMP '2041-01-31', INTERVAL '1 day') AS d
WHERE :'full_numbers'
UNION
SELECT s.zone, (s.starts_at AT TIME ZONE 'UTC')::date + n
FROM span AS s
CROSS JOIN generate_series(-2, 2) AS n
WHERE s.starts_at > '2015-01-01Z' AND s.starts_at < '2041-02-01Z';

SELECT is_empty(
    $$
    SELECT l.zone, l.day, headroom.day_start(l.zone, l.day), pg_temp.first_instant(l.zone, l.day)
    FROM looked_at AS l
    WHERE headroom.day_start(l.zone, l.day) IS DISTINCT FROM pg_temp.first_instant(l.zone, l.day)
    $$,
    'each day begins where the spans say');
SELECT cmp_ok((SELECT count(DISTINCT l.zone) FROM looked_at AS l), '>', 20::bigint, 'in many zones');
SELECT is_empty(
    $$
    SELECT month, day, headroom.billing_date(month::date, day)
    FROM generate_series(TIMESTAMP '2015-01-01', TIMESTAMP '2040-12-01', INTERVAL '1 month') AS month
    CROSS JOIN generate_series(1, 31) AS day
    WHERE to_char(headroom.billing_date(month::date, day), 'YYYY-MM') <> to_char(month, 'YYYY-MM')
        OR CASE
            WHEN extract(day FROM headroom.billing_date(month::date, day)) <> day THEN
                extract(day FROM headroom.billing_date(month::date, day)) > day
                OR to_char(headroom.billing_date(month::date, day) + 1, 'YYYY-MM') = to_char(month, 'YYYY-MM')
        END
    $$,
    'a billing day is that day of its month, or the month''s last one');

-- ---- periods of contracts ----

-- Contracts with one to four sets of terms from random dates, half of them ending; at full numbers also one in each
-- zone without amendments.
CREATE TEMP TABLE made AS
SELECT
    n AS number,
    'made ' || n AS name,
    DATE '2014-06-01' + (random() * 3000)::integer AS first_from,
    (random() * 9999)::bigint AS unit_limit,
    (random() < 0.5) AS is_daily
FROM generate_series(1, CASE WHEN :'full_numbers' THEN 600 ELSE 40 END) AS n;
CREATE TEMP TABLE made_term AS
SELECT
    m.number,
    m.first_from + CASE WHEN k = 0 THEN 0 ELSE 20 + (k * 700 + random() * 600)::integer END AS valid_from,
    (array_agg(z.name ORDER BY random()))[1] AS time_zone,
    1 + (random() * 30)::integer AS billing_day
FROM made AS m
CROSS JOIN LATERAL generate_series(0, m.number % 4) AS k
CROSS JOIN zone AS z
GROUP BY m.number, m.first_from, k;
INSERT INTO made
SELECT
    (SELECT max(number) FROM made) + row_number() OVER (), z.name, '2015-01-01', (random() * 9999)::bigint,
    random() < 0.5
FROM zone AS z
WHERE :'full_numbers';
INSERT INTO made_term
SELECT m.number, m.first_from, m.name, 1 + (random() * 30)::integer
FROM made AS m
WHERE m.name NOT LIKE 'made %';
ALTER TABLE made ADD COLUMN ends_on date;
UPDATE made SET ends_on = first_from + (random() * 5000)::integer WHERE number % 4 = 0 AND name LIKE 'made %';
-- An end near a change of zone is where the zone of the end is easily mistaken.
UPDATE made AS m
SET ends_on = t.valid_from + (random() * 40)::integer - 20
FROM made_term AS t
WHERE t.number = m.number AND m.number % 4 = 2 AND t.valid_from > m.first_from + 30;
ANALYZE made;
ANALYZE made_term;

-- What each month must be: the latest terms whose date is not after the month's billing day by their own day, else the
-- first ones; it begins with that day.
CREATE TEMP TABLE wanted AS
SELECT
    b.*,
    pg_temp.first_instant(b.time_zone, b.first_day) AS whole_starts_at
FROM (
    SELECT DISTINCT ON (m.number, month)
        m.number, month::date AS month, t.time_zone, t.billing_day, t.valid_from,
        least(
            month::date + (t.billing_day - 1), (month + INTERVAL '1 month')::date - 1) AS first_day
    FROM made AS m
    CROSS JOIN generate_series(TIMESTAMP '2014-01-01', TIMESTAMP '2041-01-01', INTERVAL '1 month') AS month
    JOIN made_term AS t USING (number)
    ORDER BY
        m.number, month,
        t.valid_from > least(
            month::date + (t.billing_day - 1), (month + INTERVAL '1 month')::date - 1),
        CASE WHEN t.valid_from > least(
            month::date + (t.billing_day - 1), (month + INTERVAL '1 month')::date - 1)
            THEN t.valid_from - DATE '2000-01-01' ELSE DATE '2000-01-01' - t.valid_from END
) AS b;
ALTER TABLE wanted ADD COLUMN whole_ends_at timestamptz, ADD COLUMN next_day date;
UPDATE wanted AS w
SET whole_ends_at = n.whole_starts_at, next_day = n.first_day
FROM wanted AS n
WHERE n.number = w.number AND n.month = (w.month + INTERVAL '1 month')::date;
DELETE FROM wanted WHERE month = '2041-01-01';
CREATE INDEX ON wanted (number, month);
ANALYZE wanted;

-- Rule 21: amendments after which a period would be shorter than 24 hours are refused, so they are not asked about.
DELETE FROM made WHERE number IN (
    SELECT number FROM wanted WHERE whole_ends_at - whole_starts_at < INTERVAL '24 hours');
DELETE FROM wanted WHERE number NOT IN (SELECT number FROM made);
DELETE FROM made_term WHERE number NOT IN (SELECT number FROM made);

-- The contract covers from its first date in the first zone to its end in the zone of the terms in force on it.
ALTER TABLE made ADD COLUMN starts_at timestamptz, ADD COLUMN ends_at timestamptz;
UPDATE made AS m
SET starts_at = pg_temp.first_instant(t.time_zone, m.first_from)
FROM made_term AS t
WHERE t.number = m.number AND t.valid_from = m.first_from;
UPDATE made AS m
SET ends_at = pg_temp.first_instant(
    (SELECT w.time_zone FROM wanted AS w WHERE w.number = m.number AND w.first_day <= m.ends_on
    ORDER BY w.first_day DESC LIMIT 1), m.ends_on)
WHERE m.ends_on IS NOT NULL;

INSERT INTO headroom.contract (name, ends_on, created_at, created_by)
SELECT m.name, m.ends_on, '2026-01-01Z', 'test' FROM made AS m;
INSERT INTO headroom.term (
    contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing, proration, created_at,
    created_by)
SELECT
    c.contract_id, t.valid_from, t.time_zone, t.billing_day, 'answered', m.unit_limit, 'USD', 'flat',
    CASE WHEN m.is_daily THEN 'daily' ELSE 'none' END::headroom.proration, '2026-01-01Z', 'test'
FROM made AS m
JOIN made_term AS t USING (number)
JOIN headroom.contract AS c USING (name);
ANALYZE headroom.term;

-- The periods as the ledger has them, over all months.
CREATE TEMP TABLE found AS
SELECT m.number, w.month AS asked, p.*
FROM made AS m
JOIN headroom.contract AS c USING (name)
JOIN wanted AS w USING (number)
CROSS JOIN LATERAL headroom.period(c.contract_id, w.month) AS p;
ANALYZE found;

SELECT cmp_ok((SELECT count(DISTINCT f.number) FROM found AS f), '>', 20::bigint, 'there are contracts to look at');
SELECT cmp_ok(
    (
        SELECT count(DISTINCT f.number)
        FROM found AS f
        JOIN made_term AS t USING (number)
        WHERE t.valid_from > f.first_day),
    '>', 5::bigint, 'some of them amended');
SELECT is_empty(
    $$
    SELECT number, month, w.whole_starts_at, f.whole_starts_at, w.whole_ends_at, f.whole_ends_at
    FROM found AS f
    JOIN wanted AS w USING (number, month)
    WHERE (f.whole_starts_at, f.whole_ends_at, f.first_day, f.time_zone)
        IS DISTINCT FROM (w.whole_starts_at, w.whole_ends_at, w.first_day, w.time_zone)
    $$,
    'each period begins and ends where the oracle says, under the terms that it says');
SELECT is_empty(
    $$
    SELECT m.name, w.month
    FROM wanted AS w
    JOIN made AS m USING (number)
    LEFT JOIN found AS f USING (number, month)
    WHERE greatest(w.whole_starts_at, m.starts_at) < least(w.whole_ends_at, m.ends_at)
        AND (greatest(w.whole_starts_at, m.starts_at), least(w.whole_ends_at, m.ends_at))
            IS DISTINCT FROM (f.starts_at, f.ends_at)
    $$,
    'the contract''s start and end cut it');
SELECT is_empty(
    $$
    SELECT m.name, f.month
    FROM found AS f
    JOIN made AS m USING (number)
    WHERE f.asked <> f.month OR f.starts_at >= f.ends_at OR f.starts_at < m.starts_at OR f.ends_at > m.ends_at
    $$,
    'no period is empty, goes by another name, or reaches beyond the contract');
SELECT is_empty(
    $$
    SELECT f.number, f.month
    FROM (SELECT f.*, lead(f.starts_at) OVER (PARTITION BY f.number ORDER BY f.month) AS next_at FROM found AS f) AS f
    WHERE f.next_at <> f.ends_at
    $$,
    'no gap and no overlap');
SELECT is_empty(
    $$
    SELECT m.name
    FROM made AS m
    JOIN (
        SELECT number, min(starts_at) AS first_at, max(ends_at) AS last_at
        FROM found
        GROUP BY number
    ) AS f USING (number)
    WHERE f.first_at <> m.starts_at OR f.last_at <> m.ends_at AND m.ends_on < '2040-12-01'
    $$,
    'together they cover the contract');

-- ---- instants and days: random ones, and each edge to the microsecond ----

-- Seconds, not days: days would follow the session's zone, over the period's end.
CREATE TEMP TABLE instant AS
SELECT f.number, f.month, i.at, i.inside
FROM found AS f
CROSS JOIN LATERAL (
    VALUES (f.starts_at, true), (f.starts_at - INTERVAL '1 microsecond', false),
        (f.ends_at - INTERVAL '1 microsecond', true), (f.ends_at, false),
        (f.starts_at + make_interval(secs => random() * EXTRACT(EPOCH FROM f.ends_at - f.starts_at)::float8), true)
) AS i (at, inside)
WHERE random() < CASE WHEN :'full_numbers' THEN 0.02 ELSE 0.1 END;
SELECT is_empty(
    $$
    SELECT i.number, i.month, i.at
    FROM instant AS i
    JOIN made AS m USING (number)
    JOIN headroom.contract AS c USING (name)
    WHERE (headroom.month_at(c.contract_id, i.at) IS NOT DISTINCT FROM i.month) <> i.inside
    $$,
    'an instant has one month: its start is in it, its end is not');
SELECT is_empty(
    $$
    SELECT i.number, i.at
    FROM instant AS i
    JOIN made AS m USING (number)
    JOIN headroom.contract AS c USING (name)
    JOIN found AS f USING (number, month)
    LEFT JOIN LATERAL headroom.calendar(c.contract_id, i.at, i.at) AS d ON true
    WHERE i.inside
        AND (d.month, f.first_day + d.day::integer) IS DISTINCT FROM (i.month, (i.at AT TIME ZONE f.time_zone)::date)
        AND NOT EXISTS (
            SELECT
            FROM span AS s
            WHERE s.zone = f.time_zone AND s.starts_at BETWEEN i.at - INTERVAL '3 hours' AND i.at + INTERVAL '3 hours')
    $$,
    'and one day: that of its local date');

CREATE TEMP TABLE length AS
SELECT f.number, f.month, l.covered, l.whole, headroom.unit_limit(c.contract_id, f.month) AS unit_limit
FROM found AS f
JOIN made AS m USING (number)
JOIN headroom.contract AS c USING (name)
CROSS JOIN LATERAL headroom.period_length(c.contract_id, f.month) AS l
WHERE f.starts_at > f.whole_starts_at OR f.ends_at < f.whole_ends_at OR random() < 0.1;
ANALYZE length;
SELECT is_empty(
    $$ SELECT * FROM length WHERE whole NOT BETWEEN 1 AND 63 OR covered > whole $$, 'at most 63 days of a zone');

-- Where the zone stays, days are differences of dates.
CREATE TEMP TABLE share AS
SELECT
    l.*, m.unit_limit AS whole_limit, m.is_daily,
    w.next_day - w.first_day AS dates,
    least(w.next_day, m.ends_on) - greatest(w.first_day, m.first_from) AS covered_dates
FROM length AS l
JOIN made AS m USING (number)
JOIN wanted AS w USING (number, month)
JOIN wanted AS n
    ON n.number = l.number AND n.month = (l.month + INTERVAL '1 month')::date AND n.time_zone = w.time_zone;
SELECT is_empty(
    $$ SELECT * FROM share WHERE (dates, covered_dates) IS DISTINCT FROM (whole, covered) $$,
    'the days of a period are those between its dates');
SELECT is_empty(
    $$
    SELECT *
    FROM share
    WHERE unit_limit <> CASE
        WHEN is_daily THEN (2 * whole_limit * covered_dates + dates) / (2 * dates)
        ELSE whole_limit
    END
    $$,
    'the limit''s share by days is rounded half up, only where the terms prorate it');
SELECT cmp_ok(
    (SELECT count(*) FROM share WHERE is_daily AND covered_dates < dates), '>', 5::bigint, 'some are cut');
SELECT is_empty(
    $$
    SELECT f.number, f.month
    FROM (
        SELECT f.*, row_number() OVER (PARTITION BY number ORDER BY month) AS place
        FROM found AS f
        WHERE number IN (SELECT number FROM made ORDER BY number LIMIT 10)
    ) AS f
    JOIN made AS m USING (number)
    JOIN headroom.contract AS c USING (name)
    JOIN headroom.listed_months(c.contract_id, '2041-01-01Z') AS l ON true
    LEFT JOIN LATERAL headroom.periods(c.contract_id, f.month, f.month, '2014-01-01Z') AS p ON true
    WHERE f.place <= 12
        AND (p.month, p.starts_at, p.ends_at, p.cut_at_start, p.cut_at_end) IS DISTINCT FROM (
            f.month, f.starts_at, f.ends_at, f.starts_at > f.whole_starts_at, f.ends_at < f.whole_ends_at)
    $$,
    'the list of periods says the same');

SELECT * FROM finish();
ROLLBACK;
