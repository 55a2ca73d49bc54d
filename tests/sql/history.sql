-- SPDX-License-Identifier: MIT
-- What a forecast rests on: the months before one and which of them count, and how far a month is at an instant.
BEGIN;
SELECT plan(43);

\ir lib/ledger.psql

-- The months before one as text, newest first: those that count by their sum, the others with their reason.
CREATE FUNCTION pg_temp.history(contract text, month date, newest bigint DEFAULT 36)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        to_char(h.month, 'MM') || ' ' || coalesce(h.left_out, (SELECT sum(n)::text FROM unnest(h.new_handles) AS n)), ', '
        ORDER BY h.month DESC)
    FROM headroom.history_months(pg_temp.contract_id(contract), month, newest) AS h
$$;

-- How far a month is as text: days up to the instant of all days, and the handles used.
CREATE FUNCTION pg_temp.so_far(
    contract text, month date, wanted_at timestamptz, now_at timestamptz DEFAULT '2026-12-01Z')
RETURNS text
LANGUAGE sql
AS $$
    SELECT concat_ws(
        ' ', state, round(elapsed::numeric, 6) || '/' || days, to_char(first_day, 'Dy'), 'used', used,
        CASE WHEN broke_off THEN 'broken off' END)
    FROM headroom.month_so_far(pg_temp.contract_id(contract), month, wanted_at, now_at)
$$;

-- What is known of a month as text: handles, how far any source has delivered, and the days up to there.
CREATE FUNCTION pg_temp.known(contract text, month date, wanted_at timestamptz, now_at timestamptz DEFAULT '2026-12-01Z')
RETURNS text
LANGUAGE sql
AS $$
    SELECT concat_ws(' ', known, heard_until AT TIME ZONE 'UTC', round(heard_elapsed::numeric, 6))
    FROM headroom.month_so_far(pg_temp.contract_id(contract), month, wanted_at, now_at)
$$;

CREATE FUNCTION pg_temp.user_each_day(contract text, from_day date, until_day date, zone text DEFAULT 'UTC')
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_temp.event(contract, (d.day + TIME '12:00') AT TIME ZONE zone, EXTRACT(DAY FROM d.day)::text)
    FROM generate_series(from_day::timestamp, until_day - INTERVAL '1 day', INTERVAL '1 day') AS d (day)
$$;

-- ---- which months count ----

SELECT pg_temp.contract('acme', 20);
SELECT is(pg_temp.history('acme', '2026-06-01'), NULL, 'a contract without an event has no history');
SELECT pg_temp.user_each_day('acme', '2026-01-02', '2026-04-01');
SELECT pg_temp.user_each_day('acme', '2026-05-01', '2026-06-30');
SELECT pg_temp.roll_up();
SELECT is(
    pg_temp.history('acme', '2026-06-01'),
    '05 31, 04 nothing was recorded, 03 31, 02 28, 01 recording began',
    'not the one in which recording began, nor one of which nothing was recorded');
SELECT is(pg_temp.history('acme', '2026-06-01', 2), '05 31, 04 nothing was recorded, 03 31', 'the newest that count');
SELECT is(pg_temp.history('acme', '2026-06-01', 0), NULL, 'or none');
SELECT is(
    pg_temp.history('acme', '2026-08-01', 1),
    '07 nothing was recorded, 06 recording broke off, 05 31',
    'nor the one in which it broke off: the last day is missing');
SELECT pg_temp.user_each_day('acme', '2026-06-30', '2026-07-01');
SELECT pg_temp.event('acme', '2026-01-01T23:59Z', '1');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.history('acme', '2026-07-01', 1), '06 30', 'an event on the last day: it ran through all of it');
SELECT is(pg_temp.history('acme', '2026-02-01'), '01 31', 'and so it did from the first day on');
INSERT INTO headroom.period_note (contract_id, month, ignored, reason, noted_at, noted_by)
VALUES (pg_temp.contract_id('acme'), '2026-05-01', true, 'campaign', '2026-06-01Z', 'ann');
SELECT is(pg_temp.history('acme', '2026-06-01', 1), '05 ignored: campaign, 04 nothing was recorded, 03 31',
    'nor one that somebody marked');
INSERT INTO headroom.period_note (contract_id, month, ignored, reason, noted_at, noted_by)
VALUES (pg_temp.contract_id('acme'), '2026-05-01', false, 'each year', '2026-06-02Z', 'ann');
SELECT is(pg_temp.history('acme', '2026-06-01', 1), '05 31', 'until it is heeded again');
SELECT is(
    (SELECT concat_ws(' ', h.days, h.first_weekday, h.new_handles[1:2], h.seen[31], array_length(h.seen, 1))
    FROM headroom.history_months(pg_temp.contract_id('acme'), '2026-06-01', 1) AS h),
    '31 4 {1,1} 1 31', '31 days from a Friday, with one handle each');

SELECT pg_temp.contract('cut', 20, valid_from => '2026-02-10');
SELECT pg_temp.event('cut', '2026-02-10T00:00Z', '1');
SELECT pg_temp.event('cut', '2026-04-30T00:00Z', '1');
SELECT pg_temp.event('cut', '2026-03-15T00:00Z', '1');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.history('cut', '2026-05-01'), '04 1, 03 1, 02 the contract began in it', 'nor one that the contract cuts');
INSERT INTO headroom.term (
    contract_id, valid_from, unit_limit, currency, pricing, time_zone, billing_day, counting, created_at, created_by)
SELECT t.contract_id, '2026-04-10', t.unit_limit, t.currency, t.pricing, t.time_zone, 10, t.counting, t.created_at, 'ann'
FROM headroom.term AS t
WHERE t.contract_id = pg_temp.contract_id('cut');
SELECT is(
    (SELECT h.left_out FROM headroom.history_months(pg_temp.contract_id('cut'), '2026-04-01', 1) AS h
    WHERE h.month = '2026-03-01'),
    'a change of the billing day or the zone made it longer or shorter', 'nor one that is not as long as its terms make it');

-- ---- how far a month is ----

SELECT pg_temp.contract('berlin', 20, time_zone => 'Europe/Berlin');
SELECT pg_temp.user_each_day('berlin', '2026-03-01', '2026-04-01', 'Europe/Berlin');
SELECT pg_temp.event('berlin', '2026-03-05T11:00Z', '1');
SELECT pg_temp.event('berlin', '2026-05-10T11:00Z', '1');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.so_far('berlin', '2026-03-01', '2026-03-01 00:00 Europe/Berlin'), 'over 0.000000/31 Sun used 0',
    'at its start');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', '2026-03-11 00:00 Europe/Berlin'), 'over 10.000000/31 Sun used 10',
    'after ten days of its zone');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', '2026-03-10 12:00 Europe/Berlin'), 'over 9.500000/31 Sun used 9',
    'at the instant of an event, which is not before it');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', '2026-03-10 12:00:00.000001 Europe/Berlin'),
    'over 9.500000/31 Sun used 10', 'a microsecond later');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', '2026-03-29 12:00 Europe/Berlin'), 'over 28.478261/31 Sun used 28',
    'noon of a day of 23 hours is 11 hours of it');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', NULL), 'over 31.000000/31 Sun used 31', 'over: its end');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', NULL, '2026-03-20Z'), 'open 19.041667/31 Sun used 19',
    'open: data until, not later than now');
SELECT is(pg_temp.so_far('berlin', '2026-03-01', '2027-01-01Z'), 'over 31.000000/31 Sun used 31', 'never beyond its end');
SELECT is(pg_temp.so_far('berlin', '2019-03-01', NULL), NULL, 'no row without a period');
INSERT INTO headroom.term (
    contract_id, valid_from, unit_limit, currency, pricing, time_zone, billing_day, counting, created_at, created_by)
SELECT t.contract_id, '2026-05-01', t.unit_limit, t.currency, t.pricing, 'Asia/Tokyo', 1, t.counting, t.created_at, 'ann'
FROM headroom.term AS t
WHERE t.contract_id = pg_temp.contract_id('berlin');
SELECT is(pg_temp.so_far('berlin', '2026-04-01', NULL), 'over 30.000000/30 Wed used 0',
    'over too where a change of zone cuts the last day');
SELECT is(pg_temp.so_far('berlin', '2026-04-01', '2026-04-30 08:30 Europe/Berlin'), 'over 29.500000/30 Wed used 0',
    'of which half is half of what is left: 17 hours');
SELECT is(
    (SELECT string_agg(d.new_handles::text, ' ' ORDER BY d.day)
    FROM headroom.days_before(pg_temp.contract_id('berlin'), '2026-03-01', '2026-03-03 11:59 Europe/Berlin') AS d),
    '1 1 0', 'the days so far, the last one up to the instant');

-- ---- days of which nothing was recorded ----

SELECT pg_temp.contract('broken', 20);
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-20Z', '2026-03-20Z'), 'open 0.000000/31 Sun used 0',
    'nothing recorded at all: the month has not begun');
SELECT pg_temp.user_each_day('broken', '2026-03-01', '2026-03-11');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.so_far('broken', '2026-02-01', NULL), 'over 0.000000/28 Sun used 0',
    'nobody knows a month before recording began: it has not gone on a day');
SELECT is(pg_temp.so_far('broken', '2026-02-01', '2026-02-11Z'), 'over 0.000000/28 Sun used 0', 'whatever is asked for');
SELECT is(pg_temp.so_far('broken', '2026-03-01', NULL, '2026-03-20Z'), 'open 9.500000/31 Sun used 10', 'open: data until');
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-15Z', '2026-03-20Z'), 'open 9.500000/31 Sun used 10',
    'an instant some days behind data until is data until');
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-11Z', '2026-03-20Z'), 'open 10.000000/31 Sun used 10',
    'not on the day that it lies in: a log says no more than its last event');
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-06Z', '2026-03-20Z'), 'open 5.000000/31 Sun used 5',
    'nor before it');
SELECT is(pg_temp.so_far('broken', '2026-03-01', NULL), 'over 9.500000/31 Sun used 10 broken off',
    'over by the calendar alone: as far as it was recorded');
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-31Z'), 'over 9.500000/31 Sun used 10 broken off', 'asked for or not');
SELECT is(pg_temp.so_far('broken', '2026-04-01', NULL), 'over 0.000000/30 Wed used 0 broken off',
    'a month after all recording has not begun');
SELECT pg_temp.event('broken', '2026-03-20T12:00Z', '11', source => 't');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-19Z', '2026-03-25Z'), 'open 9.500000/31 Sun used 10',
    'open: a source that is late may deliver yet');
SELECT is(pg_temp.known('broken', '2026-03-01', NULL, '2026-03-25Z'), '11 2026-03-20 12:00:00.000001 19.500000',
    'what the other source brought is known, as far as that one has delivered');
SELECT is(pg_temp.known('broken', '2026-03-01', '2026-03-19Z', '2026-03-25Z'), '10 2026-03-19 00:00:00 18.000000',
    'not before the instant asked for');
SELECT is(pg_temp.known('broken', '2026-03-01', NULL, '2026-03-20Z'), '11 2026-03-20 00:00:00 19.000000',
    'nothing is heard of the future, though an event of it is known');
SELECT is(pg_temp.known('broken', '2026-03-01', NULL), '11 2026-03-20 12:00:00.000001 19.500000', 'over');
SELECT is(pg_temp.so_far('broken', '2026-03-01', '2026-03-19Z'), 'over 18.000000/31 Sun used 10 broken off',
    'over: one that ended does not end the others');
INSERT INTO headroom.source_until (contract_id, source, reader, since, until)
VALUES (pg_temp.contract_id('broken'), 't', 'r', '2026-03-20Z', '2026-03-31T00:00:01Z');
SELECT is(pg_temp.so_far('broken', '2026-03-01', NULL), 'over 31.000000/31 Sun used 11',
    'nothing more came until its last day: it is whole');

-- ---- prices ----

SELECT is(
    (SELECT string_agg(c.overage || ':' || c.charge, ' ' ORDER BY c.place)
    FROM headroom.charges(pg_temp.contract_id('acme'), '2026-03-01', '{19,20,21,30,21}', NULL, NULL) AS c),
    '0:0 0:0 1:2.50 10:25.00 1:2.50', 'of each number, in its place');
SELECT is(
    (SELECT string_agg(c.overage || ':' || c.charge, ' ' ORDER BY c.place)
    FROM headroom.charges(pg_temp.contract_id('acme'), '2026-03-01', '{19,30}', 25, 0.333) AS c),
    '0:0.00 5:1.67', 'with another limit and a flat price, rounded to the cent');

SELECT * FROM finish();
ROLLBACK;
