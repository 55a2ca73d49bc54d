-- SPDX-License-Identifier: MIT
-- Where a local day begins: held against a scan of the clock, minute by minute, in zones where midnight comes twice,
-- not at all, or a whole day is missing.
BEGIN;
SELECT plan(30);

SET LOCAL timezone = 'America/New_York';

-- The first minute whose local date is on or after a day, by looking at each.
CREATE FUNCTION pg_temp.scan(zone text, day date)
RETURNS timestamptz
LANGUAGE sql
AS $$
    SELECT min(t)
    FROM generate_series(
        (day::timestamp AT TIME ZONE 'UTC') - INTERVAL '26 hours',
        (day::timestamp AT TIME ZONE 'UTC') + INTERVAL '26 hours',
        INTERVAL '1 minute') AS t
    WHERE (t AT TIME ZONE zone)::date >= day
$$;

-- Four days before to four days after a change of the clock.
SELECT is_empty(
    format(
        'SELECT day FROM generate_series(DATE %L - 4, DATE %1$L + 4, INTERVAL ''1 day'') AS day
        WHERE headroom.day_start(%L, day::date) IS DISTINCT FROM pg_temp.scan(%2$L, day::date)',
        c.day, c.zone),
    format('days around %s in %s: %s', c.day, c.zone, c.why))
FROM (VALUES
    ('America/Havana', DATE '2023-11-05', 'midnight comes twice'),
    ('America/Havana', DATE '2024-03-10', 'no midnight'),
    ('Atlantic/Azores', DATE '2023-10-29', 'midnight comes twice'),
    ('Atlantic/Azores', DATE '2024-03-31', 'no midnight'),
    ('Asia/Beirut', DATE '2023-10-29', 'set back from midnight to the day before'),
    ('Asia/Beirut', DATE '2023-03-26', 'no midnight'),
    ('America/St_Johns', DATE '2010-11-07', 'set back at 00:01 to the day before'),
    ('America/St_Johns', DATE '2010-03-14', 'no 00:01'),
    ('Pacific/Apia', DATE '2011-12-30', 'no 30 December'),
    ('Australia/Lord_Howe', DATE '2024-04-07', 'half an hour back'),
    ('Australia/Lord_Howe', DATE '2024-10-06', 'half an hour ahead'),
    ('America/Asuncion', DATE '2024-10-06', 'no midnight'),
    ('America/Asuncion', DATE '2024-03-24', 'set back from midnight to the day before'),
    ('America/Sao_Paulo', DATE '2018-11-04', 'no midnight'),
    ('America/Sao_Paulo', DATE '2019-02-17', 'set back from midnight to the day before'),
    ('America/New_York', DATE '2024-03-10', 'a change at 02:00'),
    ('Africa/Casablanca', DATE '2024-03-10', 'the clock of Ramadan'),
    ('Asia/Kathmandu', DATE '2024-01-01', 'no change'),
    ('Pacific/Kiritimati', DATE '2024-01-01', 'the furthest east'),
    ('Pacific/Pago_Pago', DATE '2024-01-01', 'far west')
) AS c (zone, day, why);

-- In every zone, on every day of a year: the date is reached then, and not a microsecond before.
SELECT is_empty(
    $$
    SELECT z.name, d.day
    FROM pg_timezone_names AS z
    CROSS JOIN LATERAL (
        SELECT day::date AS day, headroom.day_start(z.name, day::date) AS at
        FROM generate_series(TIMESTAMP '2025-07-01', TIMESTAMP '2026-06-30', INTERVAL '1 day') AS day
        OFFSET 0
    ) AS d
    WHERE z.name NOT LIKE 'posix/%'
        AND ((d.at AT TIME ZONE z.name)::date < d.day
            OR ((d.at - INTERVAL '1 microsecond') AT TIME ZONE z.name)::date >= d.day)
    $$,
    'in every zone the date begins there, for a year');

SELECT is(headroom.day_start('America/Havana', '2023-11-05'), '2023-11-05T04:00Z', 'the earlier of two midnights');
SELECT is(headroom.day_start('America/Havana', '2024-03-10'), '2024-03-10T05:00Z',
    'the change where midnight is missing');
SELECT is(headroom.day_start('Asia/Beirut', '2023-10-29'), '2023-10-28T22:00Z',
    'set back just before midnight, which comes once');
SELECT is(headroom.day_start('America/St_Johns', '2010-11-07'), '2010-11-07T02:30Z', 'a minute before the change');
SELECT is(headroom.day_start('Pacific/Apia', '2011-12-30'), '2011-12-30T10:00Z',
    'a day that was skipped is the change');
SELECT is(headroom.day_start('Pacific/Apia', '2011-12-31'), '2011-12-30T10:00Z', 'and so is the day after it');

-- The session's own zone must not matter.
SELECT is(
    (SELECT array_agg(headroom.day_start('Pacific/Apia', d::date)) FROM generate_series(
        TIMESTAMP '2011-12-25', TIMESTAMP '2012-01-05', INTERVAL '1 day') AS d)::text,
    (SELECT array_agg(pg_temp.scan('Pacific/Apia', d::date)) FROM generate_series(
        TIMESTAMP '2011-12-25', TIMESTAMP '2012-01-05', INTERVAL '1 day') AS d)::text,
    'in a session of New York');
SET LOCAL timezone = 'Pacific/Apia';
SELECT is(headroom.day_start('Pacific/Apia', '2011-12-30'), '2011-12-30T10:00Z', 'in a session of the same zone');
SELECT is(headroom.day_start('UTC', '2011-12-30'), '2011-12-30T00:00Z', 'UTC, in a session that skips the day');

SELECT * FROM finish();
ROLLBACK;
