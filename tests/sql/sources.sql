-- SPDX-License-Identifier: MIT
-- Silences, gaps, days and grades, by sources of every rhythm.
BEGIN;
SELECT plan(65);

\ir lib/ledger.psql

-- A batch in which a source spoke in these hours.
CREATE FUNCTION pg_temp.spoke(of_contract text, of_source text, of_batch bigint, hours timestamptz[])
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.batch (
        batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
        events_digest, facts_digest, loaded_at, loaded_by, program)
    VALUES (of_batch, 'events', 'test', 'csv', 1, 1, 0, 0, 0, 0, 0, 0, '', '', '2026-01-01Z', 'test', 'test')
    ON CONFLICT DO NOTHING;
    INSERT INTO headroom.batch_source (batch_id, contract_id, source, events, first_event, last_event)
    SELECT of_batch, pg_temp.contract_id(of_contract), of_source, count(*), min(h), max(h) FROM unnest(hours) AS h;
    INSERT INTO headroom.source_hours (batch_id, contract_id, source, day, hours)
    SELECT
        of_batch, pg_temp.contract_id(of_contract), of_source, (h AT TIME ZONE 'UTC')::date,
        bit_or(1 << EXTRACT(HOUR FROM h AT TIME ZONE 'UTC')::integer)
    FROM unnest(hours) AS h
    GROUP BY (h AT TIME ZONE 'UTC')::date;
    SELECT headroom.rebuild_sources(pg_temp.contract_id(of_contract), ARRAY[of_batch])
$$;

CREATE FUNCTION pg_temp.read(of_contract text, of_source text, since timestamptz, until timestamptz)
RETURNS void
LANGUAGE sql
AS $$
    DELETE FROM headroom.source_until AS u
    WHERE u.contract_id = pg_temp.contract_id(of_contract) AND u.source = of_source AND u.reader = 'reader';
    INSERT INTO headroom.source_until (contract_id, source, reader, since, until)
    VALUES (pg_temp.contract_id(of_contract), of_source, 'reader', since, until)
$$;

-- Every hour of a span that a condition of its local time lets pass.
CREATE FUNCTION pg_temp.every_hour(from_at timestamptz, to_at timestamptz)
RETURNS timestamptz[]
LANGUAGE sql
AS $$
    SELECT array_agg(h) FROM generate_series(from_at, to_at - INTERVAL '1 second', INTERVAL '1 hour') AS h
$$;

-- The gaps, the low days and the silence of a source, each as a text in UTC.
CREATE FUNCTION pg_temp.source(
    of_contract text, of_source text, of_month date, now_at timestamptz, stale interval DEFAULT NULL)
RETURNS TABLE (gaps text, days text, silent text, usual integer, allowed integer, active boolean, is_read boolean)
LANGUAGE sql
SET timezone = 'UTC'
AS $$
    SELECT
        (SELECT string_agg(to_char(lower(g), 'MM-DD HH24') || ' to ' || to_char(upper(g), 'MM-DD HH24'), ', ' ORDER BY g)
        FROM unnest(s.gaps) AS g),
        headroom.days_text(s.low_days),
        to_char(s.silent_since, 'MM-DD HH24'),
        EXTRACT(EPOCH FROM s.usual)::integer / 3600,
        EXTRACT(EPOCH FROM s.allowed)::integer / 3600,
        s.is_active,
        s.is_read
    FROM headroom.month_sources(pg_temp.contract_id(of_contract), of_month, now_at, stale) AS s
    WHERE s.source = of_source
$$;

CREATE FUNCTION pg_temp.grade(of_contract text, of_month date, now_at timestamptz)
RETURNS text
LANGUAGE sql
AS $$
    SELECT concat_ws('; ', g.grade, g.words, headroom.days_text(g.low_days), g.began_on::text, g.silent)
    FROM headroom.month_grade(pg_temp.contract_id(of_contract), of_month, now_at) AS g
$$;

-- ---- days as a text ----

SELECT is(headroom.days_text('{2026-03-04,2026-03-09,2026-03-10,2026-03-11,2026-04-30,2026-05-01}'),
    '2026-03-04, 2026-03-09 to 2026-03-11, 2026-04-30 to 2026-05-01', 'runs of days, over a month''s end too');
SELECT is(headroom.days_text('{}'), NULL, 'none');

-- ---- a time as a text ----

SELECT is(headroom.zone_time_text('2026-10-24 22:30:05.9Z', 'UTC'), '2026-10-24T22:30:05Z', 'without an offset');
SELECT is(headroom.zone_time_text('2026-10-24 22:30Z', 'Europe/Vienna'), '2026-10-25T00:30:00+02:00', 'ahead of it');
SELECT is(headroom.zone_time_text('2026-10-25 01:30Z', 'Europe/Vienna'), '2026-10-25T02:30:00+01:00', 'in winter');
SELECT is(headroom.zone_time_text('2026-07-01 00:00Z', 'America/St_Johns'), '2026-06-30T21:30:00-02:30', 'behind it');

-- ---- a source that never sleeps ----

SELECT pg_temp.contract('busy');
SELECT pg_temp.spoke('busy', 'b', 1, pg_temp.every_hour('2026-06-01Z', '2026-09-10Z'));
SELECT pg_temp.spoke('busy', 'b', 2, pg_temp.every_hour('2026-09-10 06:00Z', '2026-09-15Z'));
SELECT pg_temp.spoke('busy', 'b', 3, pg_temp.every_hour('2026-09-15 07:00Z', '2026-09-20 12:00Z'));
SELECT pg_temp.spoke('busy', 'b', 4, pg_temp.every_hour('2026-09-21 20:00Z', '2026-10-02Z'));
SELECT is((SELECT usual || '/' || allowed FROM pg_temp.source('busy', 'b', '2026-09-01', '2026-10-05Z')), '0/6',
    'is usually never silent, and may be for 6 hours');
SELECT is((SELECT gaps FROM pg_temp.source('busy', 'b', '2026-09-01', '2026-10-05Z')),
    '09-15 00 to 09-15 07, 09-20 12 to 09-21 20', '7 hours are a gap, 6 are none');
SELECT is((SELECT days FROM pg_temp.source('busy', 'b', '2026-09-01', '2026-10-05Z')),
    '2026-09-15, 2026-09-20 to 2026-09-21', 'the days that a gap touches');
SELECT is(pg_temp.grade('busy', '2026-09-01', '2026-10-05Z'),
    'gaps; gaps on 3 days; 2026-09-15, 2026-09-20 to 2026-09-21', 'the grade says which days');
SELECT is(pg_temp.grade('busy', '2026-08-01', '2026-10-05Z'), 'unknown; unknown', 'files never make a month complete');
SELECT is((SELECT silent FROM pg_temp.source('busy', 'b', '2026-10-01', '2026-10-02 05:00Z')), NULL,
    'not silent within 6 hours');
SELECT is((SELECT silent || '; ' || gaps FROM pg_temp.source('busy', 'b', '2026-10-01', '2026-10-02 12:00Z')),
    '10-01 23; 10-01 23 to 10-02 12', 'silent behind them, and a gap so far');
SELECT is((SELECT silent FROM pg_temp.source('busy', 'b', '2026-10-01', '2026-10-02 02:00Z', '2 hours')), '10-01 23',
    'silent by the hours that are asked for');
SELECT is((SELECT silent FROM pg_temp.source('busy', 'b', '2026-10-01', '2026-10-02 12:00Z', '24 hours')), NULL,
    'or not silent by them');
SELECT is(pg_temp.grade('busy', '2026-10-01', '2026-10-02 12:00Z'),
    'gaps; gaps on 2 days; 2026-10-01 to 2026-10-02; source ''b'' has been silent since 2026-10-01T23:00:00Z',
    'the grade says that too');
SELECT is((SELECT silent FROM pg_temp.source('busy', 'b', '2026-09-01', '2026-10-05Z')), NULL,
    'a month that is over and was delivered past its end has no silence');
SELECT is((SELECT active FROM pg_temp.source('busy', 'b', '2026-11-01', '2026-11-20Z')), true,
    'it counts in the month after its last event');
SELECT is((SELECT active FROM pg_temp.source('busy', 'b', '2026-12-01', '2026-12-20Z')), false, 'and later no more');
SELECT is(pg_temp.grade('busy', '2026-12-01', '2026-12-20Z'),
    'unknown; unknown; no source has delivered since 2026-10-01T23:00:00Z', 'which is said');
SELECT is((SELECT active FROM pg_temp.source('busy', 'b', '2026-04-01', '2026-12-20Z')), false,
    'nor before it began');
SELECT is(pg_temp.grade('busy', '2026-04-01', '2026-12-20Z'), 'unknown; unknown', 'which is nothing to say');
SELECT is_empty($$ SELECT * FROM pg_temp.source('busy', 'b', '2019-12-01', '2026-10-05Z') $$,
    'no sources of a month without a period');

-- ---- a gap over the end of a month, and in another zone ----

SELECT pg_temp.contract('east', time_zone => 'Asia/Kolkata');
SELECT pg_temp.spoke('east', 'e', 5, pg_temp.every_hour('2026-06-01Z', '2026-08-30 20:00Z'));
SELECT pg_temp.spoke('east', 'e', 6, pg_temp.every_hour('2026-09-01 20:00Z', '2026-10-20Z'));
SELECT is((SELECT gaps || '; ' || days FROM pg_temp.source('east', 'e', '2026-08-01', '2026-10-20Z')),
    '08-30 20 to 08-31 18; 2026-08-31', 'the part before the month''s end, on the days of the zone');
SELECT is((SELECT gaps || '; ' || days FROM pg_temp.source('east', 'e', '2026-09-01', '2026-10-20Z')),
    '08-31 18 to 09-01 20; 2026-09-01 to 2026-09-02', 'and the part behind it');

-- ---- office hours ----

SELECT pg_temp.contract('office', time_zone => 'Europe/Berlin');
CREATE TEMP TABLE office AS
SELECT h AT TIME ZONE 'Europe/Berlin' AS at, h::date AS day
FROM generate_series(TIMESTAMP '2026-05-04', '2026-10-31 23:00', INTERVAL '1 hour') AS h
WHERE EXTRACT(ISODOW FROM h) <= 5 AND EXTRACT(HOUR FROM h) BETWEEN 9 AND 16;
SELECT pg_temp.spoke('office', 'o', 7, ARRAY(
    SELECT at FROM office WHERE day NOT IN ('2026-09-16', '2026-09-17') AND NOT day BETWEEN '2026-10-05' AND '2026-10-16'));
SELECT is((SELECT usual || '/' || allowed FROM pg_temp.source('office', 'o', '2026-08-01', '2026-10-31Z')), '64/160',
    'a weekend is usual');
SELECT is((SELECT gaps FROM pg_temp.source('office', 'o', '2026-08-01', '2026-10-31Z')), NULL, 'and no gap');
SELECT is((SELECT gaps || '; ' || days FROM pg_temp.source('office', 'o', '2026-09-01', '2026-10-31Z')),
    '09-15 22 to 09-17 22; 2026-09-16 to 2026-09-17', 'workdays without events are one');
SELECT is((SELECT gaps || '; ' || days FROM pg_temp.source('office', 'o', '2026-10-01', '2026-10-31Z')),
    '10-02 15 to 10-19 07; 2026-10-02 to 2026-10-19', 'and two weeks are a long one');

SELECT pg_temp.contract('holidays');
SELECT pg_temp.spoke('holidays', 'h', 15, ARRAY(
    SELECT at FROM office WHERE day < '2026-08-08' AND day NOT IN ('2026-07-01', '2026-07-29', '2026-08-05')));
SELECT is((SELECT days FROM pg_temp.source('holidays', 'h', '2026-07-01', '2026-08-08Z')), '2026-07-01, 2026-07-29',
    'a workday is missed where 7 of 8 before it were none');
SELECT is((SELECT days FROM pg_temp.source('holidays', 'h', '2026-08-01', '2026-08-08Z')), NULL, 'and where 6 were, not');
SELECT is((SELECT concat(gaps, days) FROM pg_temp.source('holidays', 'h', '2026-08-01', '2026-08-11Z')), '',
    'nor is one that was not delivered yet');
SELECT pg_temp.contract('midnight', time_zone => 'Asia/Kolkata');
SELECT pg_temp.spoke('midnight', 'm', 16, ARRAY(
    SELECT h FROM generate_series('2026-05-01 18:00Z'::timestamptz, '2026-09-30Z', INTERVAL '24 hours') AS h
    WHERE h <> '2026-09-10 18:00Z'));
SELECT is((SELECT concat(gaps, days) FROM pg_temp.source('midnight', 'm', '2026-09-01', '2026-09-30Z')), '',
    'an hour of UTC that lies on two days of the zone speaks for both');

-- ---- once a month ----

SELECT pg_temp.contract('monthly');
SELECT pg_temp.spoke('monthly', 'm', 8, ARRAY(
    SELECT h FROM generate_series('2026-01-01 03:00Z'::timestamptz, '2026-09-03Z', INTERVAL '1 hour') AS h
    WHERE EXTRACT(DAY FROM h AT TIME ZONE 'UTC') = 1 AND EXTRACT(HOUR FROM h AT TIME ZONE 'UTC') BETWEEN 3 AND 4));
SELECT is((SELECT gaps FROM pg_temp.source('monthly', 'm', '2026-08-01', '2026-09-03Z')), NULL,
    'a month of silence is usual there');
SELECT cmp_ok((SELECT usual FROM pg_temp.source('monthly', 'm', '2026-08-01', '2026-09-03Z')), '>', 600, 'as it knows');

-- ---- a new source ----

SELECT pg_temp.contract('new');
SELECT pg_temp.spoke('new', 'n', 9, pg_temp.every_hour('2026-09-07Z', '2026-09-14Z'));
SELECT pg_temp.spoke('new', 'n', 10, pg_temp.every_hour('2026-09-16Z', '2026-09-17Z'));
SELECT is((SELECT concat(usual, '/', allowed, '/', gaps) FROM pg_temp.source('new', 'n', '2026-09-01', '2026-09-20Z')),
    '/160/', 'of less than three weeks nothing is known, and a weekend is taken for usual');
SELECT is((SELECT gaps FROM pg_temp.source('new', 'n', '2026-09-01', '2026-09-24Z')), '09-16 23 to 09-24 00',
    'which ends');
SELECT is(pg_temp.grade('new', '2026-09-01', '2026-09-20Z'), 'began; began 2026-09-07; 2026-09-07', 'the first month began');
SELECT pg_temp.contract('new today', valid_from => '2026-09-07');
SELECT pg_temp.spoke('new today', 'n', 11, pg_temp.every_hour('2026-09-07 09:00Z', '2026-09-10Z'));
SELECT is(pg_temp.grade('new today', '2026-09-01', '2026-09-10Z'), 'unknown; unknown',
    'not when it begins on the first day that the contract covers');

-- ---- readers ----

SELECT pg_temp.contract('followed');
SELECT pg_temp.spoke('followed', 'f', 12, pg_temp.every_hour('2026-06-01Z', '2026-09-10Z'));
SELECT pg_temp.spoke('followed', 'f', 13, pg_temp.every_hour('2026-09-12Z', '2026-09-13Z'));
SELECT pg_temp.read('followed', 'f', '2026-09-01Z', '2026-09-20Z');
SELECT is((SELECT concat(gaps, days, silent) FROM pg_temp.source('followed', 'f', '2026-09-01', '2026-09-20 03:00Z')), '',
    'what was read without a break is no gap, and an idle source is not silent');
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-09-20 03:00Z'), 'complete; complete', 'its month is complete');
SELECT is(headroom.data_until(pg_temp.contract_id('followed'), '2026-09-01'), '2026-09-20Z'::timestamptz,
    'data until is what its reader says');
SELECT is((SELECT silent || '; ' || gaps FROM pg_temp.source('followed', 'f', '2026-09-01', '2026-09-20 08:00Z')),
    '09-20 00; 09-20 00 to 09-20 08', 'a reader that has stopped makes it silent');
SELECT pg_temp.read('followed', 'f', '2026-09-11Z', '2026-09-20Z');
SELECT is((SELECT gaps FROM pg_temp.source('followed', 'f', '2026-09-01', '2026-09-20 03:00Z')), '09-10 00 to 09-11 00',
    'what it had not yet read is one');
SELECT pg_temp.read('followed', 'f', '2026-08-01Z', '2026-10-01Z');
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-11-05Z'), 'complete; complete',
    'a month that is over: read to its end');
SELECT pg_temp.read('followed', 'f', '2026-08-01Z', '2026-09-30 23:00Z');
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-10-01 01:00Z'), 'unknown; unknown', 'or not quite');
INSERT INTO headroom.source_until (contract_id, source, reader, since, until)
VALUES (pg_temp.contract_id('followed'), 'f', 'reader', '2026-09-30 22:30Z', '2026-10-20Z');
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-10-01 01:00Z'), 'complete; complete',
    'stretches that overlap are one');
UPDATE headroom.source_until SET until = '2026-09-05Z' WHERE since = '2026-08-01Z';
SELECT is((SELECT gaps FROM pg_temp.source('followed', 'f', '2026-09-01', '2026-10-01 01:00Z')),
    '09-10 00 to 09-12 00, 09-12 23 to 09-30 22', 'and between two a gap is one');
DELETE FROM headroom.source_until WHERE since = '2026-09-30 22:30Z';
SELECT pg_temp.spoke('followed', 'late', 14, pg_temp.every_hour('2026-09-25Z', '2026-09-26Z'));
SELECT pg_temp.read('followed', 'f', '2026-08-01Z', '2026-10-01Z');
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-10-01 01:00Z'), 'unknown; unknown',
    'every source must have been read');
SELECT pg_temp.read('followed', 'late', '2026-09-25Z', '2026-10-01Z');
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-10-01 01:00Z'), 'complete; complete',
    'a source that began within the month from its own start on');
SELECT is(pg_temp.grade('followed', '2026-08-01', '2026-10-01 01:00Z'), 'complete; complete',
    'and not in a month before that');

SELECT pg_temp.spoke('followed', 'old', 17, pg_temp.every_hour('2026-05-01Z', '2026-06-02Z'));
SELECT is(pg_temp.grade('followed', '2026-09-01', '2026-10-01 01:00Z'), 'complete; complete',
    'nor of one that has ended');

-- ---- an event endpoint that listens ----

SELECT pg_temp.contract('heard');
SELECT pg_temp.spoke('heard', 'app', 30, pg_temp.every_hour('2026-06-01Z', '2026-09-10Z'));
SELECT pg_temp.spoke('heard', 'gone', 31, pg_temp.every_hour('2026-05-01Z', '2026-06-02Z'));
INSERT INTO headroom.source_listened (contract_id, source, listener, since, until)
SELECT pg_temp.contract_id('heard'), s.source, s.listener, s.since::timestamptz, s.until::timestamptz
FROM (VALUES
    ('app', 'a', '2026-06-01Z', '2026-09-09Z'),
    ('app', 'b', '2026-09-08Z', '2026-09-12 07:59Z'),
    ('gone', 'b', '2026-06-01Z', '2026-09-12 07:59Z')) AS s (source, listener, since, until);
SELECT is(headroom.data_until(pg_temp.contract_id('heard'), '2026-09-01'), '2026-09-12 07:59Z',
    'data until goes as far as it has listened, and waits for none that has ended');
SELECT is((SELECT silent || '; ' || gaps FROM pg_temp.source('heard', 'app', '2026-09-01', '2026-09-12 08:00Z')),
    '09-09 23; 09-09 23 to 09-12 08', 'the source is silent since its last event all the same, and that is a gap');
SELECT is((SELECT days FROM pg_temp.source('heard', 'app', '2026-09-01', '2026-09-12 08:00Z')),
    '2026-09-09 to 2026-09-12', 'of these days the count may be too low');
SELECT is(
    (SELECT concat_ws(' ', s.listened_since AT TIME ZONE 'UTC', s.listened_until AT TIME ZONE 'UTC', s.is_read)
    FROM headroom.month_sources(pg_temp.contract_id('heard'), '2026-09-01', '2026-09-12 08:00Z') AS s
    WHERE s.source = 'app'),
    '2026-09-08 00:00:00 2026-09-12 07:59:00 f', 'the endpoint that listened last; nothing is read for that');
SELECT is((SELECT active FROM pg_temp.source('heard', 'gone', '2026-09-01', '2026-09-12 08:00Z')), false,
    'a source that has ended is not kept alive by it');
SELECT is(headroom.data_until(pg_temp.contract_id('heard'), '2026-12-01'), NULL, 'nor is a contract');
SELECT is((headroom.recorded(pg_temp.contract_id('heard'))).until_at, '2026-09-12 07:59Z', 'it was recorded up to there');
SELECT is(pg_temp.grade('heard', '2026-08-01', '2026-09-12 08:00Z'), 'unknown; unknown', 'no month is complete for that');

-- ---- voided batches ----

SELECT pg_temp.contract('voided');
SELECT pg_temp.spoke('voided', 'v', 20, pg_temp.every_hour('2026-06-01Z', '2026-09-10Z'));
SELECT pg_temp.spoke('voided', 'v', 21, pg_temp.every_hour('2026-09-10Z', '2026-09-12Z'));
SELECT pg_temp.spoke('voided', 'v', 22, pg_temp.every_hour('2026-09-12Z', '2026-09-20Z'));
SELECT pg_temp.spoke('voided', 'v', 23, pg_temp.every_hour('2026-09-20Z', '2026-09-22Z'));
SELECT is((SELECT gaps FROM pg_temp.source('voided', 'v', '2026-09-01', '2026-09-22Z')), NULL, 'no gap');
SELECT pg_temp.change(21, 'void');
SELECT is((SELECT gaps FROM pg_temp.source('voided', 'v', '2026-09-01', '2026-09-22Z')), '09-10 00 to 09-12 00',
    'what a voided batch brought is missing');
SELECT pg_temp.change(23, 'void');
SELECT is(headroom.data_until(pg_temp.contract_id('voided'), '2026-09-01'), '2026-09-19 23:00:00.000001Z'::timestamptz,
    'also from data until');
SELECT is((SELECT silent FROM pg_temp.source('voided', 'v', '2026-09-01', '2026-09-22Z')), '09-19 23',
    'and from what it delivered last');
SELECT pg_temp.change(21, 'restore');
SELECT is((SELECT gaps FROM pg_temp.source('voided', 'v', '2026-09-01', '2026-09-20 04:00Z')), NULL,
    'until it is restored');

SELECT * FROM finish();
ROLLBACK;
