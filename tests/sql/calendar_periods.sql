-- SPDX-License-Identifier: MIT
-- The billing calendar: which terms a period has, where it begins and ends, how the contract cuts it, and that each
-- instant lies in one period and one day.
BEGIN;
SELECT plan(57);

\ir lib/ledger.psql

-- Further terms of a contract: as its first ones, but for the date, the zone and the day.
CREATE FUNCTION pg_temp.amend(of_name text, new_from date, new_zone text, new_day integer)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.term (
        contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing, created_at,
        created_by)
    SELECT contract_id, new_from, new_zone, new_day, counting, unit_limit, currency, pricing, created_at, created_by
    FROM headroom.term
    WHERE contract_id = pg_temp.contract_id(of_name)
    LIMIT 1
$$;

CREATE FUNCTION pg_temp.end_on(of_name text, day date)
RETURNS void
LANGUAGE sql
AS $$
    UPDATE headroom.contract SET ends_on = day WHERE name = of_name
$$;

-- A period as text: what it covers, in UTC.
CREATE FUNCTION pg_temp.period(of_name text, of_month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT format('%s .. %s', p.starts_at AT TIME ZONE 'UTC', p.ends_at AT TIME ZONE 'UTC')
    FROM headroom.period(pg_temp.contract_id(of_name), of_month) AS p
$$;

-- ---- one set of terms ----

SELECT pg_temp.contract('day 1');
SELECT is(pg_temp.period('day 1', '2026-10-01'), '2026-10-01 00:00:00 .. 2026-11-01 00:00:00', 'a calendar month');
SELECT is(pg_temp.period('day 1', '2019-12-01'), NULL, 'no period before the first term');
SELECT is(pg_temp.period('day 1', '2020-01-01'), '2020-01-01 00:00:00 .. 2020-02-01 00:00:00', 'the first one');
SELECT is_empty('SELECT * FROM headroom.period(-1, ''2026-10-01'')', 'no period of a contract that is not there');

SELECT pg_temp.contract('day 31', billing_day => 31, valid_from => '2026-01-10');
SELECT is(pg_temp.period('day 31', '2025-12-01'), '2026-01-10 00:00:00 .. 2026-01-31 00:00:00',
    'rule 19: from 10 January with day 31 it begins in its month 2025-12');
SELECT is(pg_temp.period('day 31', '2025-11-01'), NULL, 'and not before');
SELECT is(pg_temp.period('day 31', '2026-01-01'), '2026-01-31 00:00:00 .. 2026-02-28 00:00:00', 'day 31 in February');
SELECT is(pg_temp.period('day 31', '2026-02-01'), '2026-02-28 00:00:00 .. 2026-03-31 00:00:00', 'day 31 from February');
SELECT is(pg_temp.period('day 31', '2028-02-01'), '2028-02-29 00:00:00 .. 2028-03-31 00:00:00', 'in a leap year');
SELECT is(pg_temp.period('day 31', '2026-04-01'), '2026-04-30 00:00:00 .. 2026-05-31 00:00:00', 'day 31 in April');
SELECT is(
    (SELECT first_day FROM headroom.period(pg_temp.contract_id('day 31'), '2025-12-01')), DATE '2025-12-31',
    'the first day of a cut period is that of the whole one');

SELECT pg_temp.contract('day 29', billing_day => 29);
SELECT is(pg_temp.period('day 29', '2026-02-01'), '2026-02-28 00:00:00 .. 2026-03-29 00:00:00', 'day 29 in February');
SELECT pg_temp.contract('day 30', billing_day => 30);
SELECT is(pg_temp.period('day 30', '2028-02-01'), '2028-02-29 00:00:00 .. 2028-03-30 00:00:00',
    'day 30 in a leap year');

SELECT pg_temp.contract('east', time_zone => 'Pacific/Auckland', billing_day => 15);
SELECT is(pg_temp.period('east', '2026-03-01'), '2026-03-14 11:00:00 .. 2026-04-14 12:00:00',
    'the zone''s summer ends');
SELECT is(headroom.month_at(pg_temp.contract_id('east'), '2026-03-14T10:59:59.999999Z'), DATE '2026-02-01', 'before');
SELECT is(headroom.month_at(pg_temp.contract_id('east'), '2026-03-14T11:00Z'), DATE '2026-03-01',
    'half-open: the start');

SELECT pg_temp.contract('havana', time_zone => 'America/Havana', billing_day => 5);
SELECT is(pg_temp.period('havana', '2023-11-01'), '2023-11-05 04:00:00 .. 2023-12-05 05:00:00', 'the earlier midnight');
SELECT is(
    (SELECT ends_at FROM headroom.period_days(pg_temp.contract_id('havana'), '2023-11-01') WHERE day = '2023-11-05'),
    '2023-11-06T05:00Z', 'a day of 25 hours');

-- ---- later terms ----

SELECT pg_temp.contract('amended', billing_day => 1);
SELECT pg_temp.amend('amended', '2026-03-10', 'UTC', 20);
SELECT is(pg_temp.period('amended', '2026-03-01'), '2026-03-20 00:00:00 .. 2026-04-20 00:00:00',
    'rule 18: with its own day 20 a term from 10 March acts in March');
SELECT is(pg_temp.period('amended', '2026-02-01'), '2026-02-01 00:00:00 .. 2026-03-20 00:00:00',
    'and February is longer');

SELECT pg_temp.contract('inside', billing_day => 10);
SELECT pg_temp.amend('inside', '2026-03-11', 'UTC', 10);
SELECT isnt(
    (SELECT term_id FROM headroom.period(pg_temp.contract_id('inside'), '2026-04-01')),
    (SELECT term_id FROM headroom.period(pg_temp.contract_id('inside'), '2026-03-01')),
    'a date inside a period acts from the next one');
SELECT pg_temp.contract('on the day', billing_day => 10);
SELECT pg_temp.amend('on the day', '2026-03-10', 'UTC', 10);
SELECT is(
    (SELECT count(DISTINCT term_id) FROM headroom.calendar(
        pg_temp.contract_id('on the day'), '2026-02-15Z', '2026-03-15Z') AS d
    CROSS JOIN LATERAL headroom.period(pg_temp.contract_id('on the day'), d.month)),
    2::bigint, 'a date on the billing day acts in that period');

SELECT pg_temp.contract('earlier day', billing_day => 31);
SELECT pg_temp.amend('earlier day', '2026-07-15', 'UTC', 1);
SELECT is(pg_temp.period('earlier day', '2026-07-01'), '2026-07-31 00:00:00 .. 2026-08-01 00:00:00',
    'from day 31 to day 1: a period of one day');
SELECT pg_temp.contract('later day', billing_day => 1);
SELECT pg_temp.amend('later day', '2026-08-15', 'UTC', 31);
SELECT is(
    (SELECT max("bit") FROM headroom.period_days(pg_temp.contract_id('later day'), '2026-07-01')), 60::smallint,
    'from day 1 to day 31: 61 days, bits 0 to 60');

SELECT pg_temp.contract('moved', billing_day => 1, time_zone => 'Pacific/Kiritimati');
SELECT pg_temp.amend('moved', '2026-08-31', 'Pacific/Pago_Pago', 31);
SELECT is(pg_temp.period('moved', '2026-07-01'), '2026-06-30 10:00:00 .. 2026-08-31 11:00:00', 'the zone moves west');
SELECT is(
    (SELECT max("bit") FROM headroom.period_days(pg_temp.contract_id('moved'), '2026-07-01')), 62::smallint,
    'rule 21: a change of zone can add days up to bit 62');
SELECT is(
    (SELECT ends_at FROM headroom.calendar(pg_temp.contract_id('moved'), '2026-08-31T10:30Z', '2026-08-31T10:30Z')),
    '2026-08-31T11:00Z', 'the last day is cut where the next period begins');
SELECT is(
    (SELECT format('%s %s', month, day) FROM headroom.calendar(
        pg_temp.contract_id('moved'), '2026-08-31T11:00Z', '2026-08-31T11:00Z')),
    '2026-08-01 0', 'which begins with day 0 of the new zone');

SELECT pg_temp.contract('moved east', billing_day => 1, time_zone => 'Pacific/Pago_Pago');
SELECT pg_temp.amend('moved east', '2026-08-01', 'Pacific/Kiritimati', 1);
SELECT is(pg_temp.period('moved east', '2026-07-01'), '2026-07-01 11:00:00 .. 2026-07-31 10:00:00',
    'the zone moves east');

-- ---- the contract's start and end ----

SELECT pg_temp.contract('ended', billing_day => 1, valid_from => '2026-01-15');
SELECT pg_temp.end_on('ended', '2026-03-20');
SELECT is(pg_temp.period('ended', '2026-01-01'), '2026-01-15 00:00:00 .. 2026-02-01 00:00:00', 'cut by the start');
SELECT is(pg_temp.period('ended', '2026-03-01'), '2026-03-01 00:00:00 .. 2026-03-20 00:00:00',
    'the end is the first day no longer covered');
SELECT is(pg_temp.period('ended', '2026-04-01'), NULL, 'no period after the end');
SELECT is(
    (SELECT format('%s %s', min(day), max(day)) FROM headroom.calendar(
        pg_temp.contract_id('ended'), '2026-01-01Z', '2026-01-31Z')),
    '14 30', 'bits count from the day of the uncut period');
SELECT is(headroom.month_at(pg_temp.contract_id('ended'), '2026-01-14T23:59:59Z'), NULL, 'no terms before');
SELECT is(headroom.month_at(pg_temp.contract_id('ended'), '2026-01-15T00:00Z'), DATE '2026-01-01', 'the first instant');
SELECT is(headroom.month_at(pg_temp.contract_id('ended'), '2026-03-19T23:59:59Z'), DATE '2026-03-01',
    'the last second');
SELECT is(headroom.month_at(pg_temp.contract_id('ended'), '2026-03-20T00:00Z'), NULL, 'no terms from the end on');
SELECT is_empty(
    $$ SELECT * FROM headroom.calendar(pg_temp.contract_id('ended'), '2026-03-20T00:00Z', '2026-12-01Z') $$,
    'no days after the end');
SELECT is_empty(
    $$ SELECT * FROM headroom.calendar(pg_temp.contract_id('ended'), '2025-01-01Z', '2026-01-14T23:00Z') $$,
    'no days before the start');

SELECT pg_temp.contract('boundary', billing_day => 1, valid_from => '2026-01-01');
SELECT pg_temp.end_on('boundary', '2026-03-01');
SELECT is(pg_temp.period('boundary', '2026-03-01'), NULL, 'an end on a billing day leaves no empty period');
SELECT pg_temp.contract('never', billing_day => 1, valid_from => '2026-01-01');
SELECT pg_temp.end_on('never', '2026-01-01');
SELECT is(pg_temp.period('never', '2026-01-01'), NULL, 'a contract that ends as it begins covers nothing');

SELECT pg_temp.contract('two zones', time_zone => 'America/New_York', valid_from => '2026-01-01');
SELECT pg_temp.amend('two zones', '2026-03-15', 'Asia/Tokyo', 1);
SELECT pg_temp.end_on('two zones', '2026-03-20');
SELECT is(pg_temp.period('two zones', '2026-03-01'), '2026-03-01 05:00:00 .. 2026-03-20 04:00:00',
    'the end is in the zone of the terms in force on it');
SELECT pg_temp.end_on('two zones', '2026-04-02');
SELECT is(pg_temp.period('two zones', '2026-04-01'), '2026-03-31 15:00:00 .. 2026-04-01 15:00:00',
    'which is the new one in the next period');

SELECT pg_temp.contract(
    'before the day', time_zone => 'America/New_York', billing_day => 10, valid_from => '2026-01-10');
SELECT pg_temp.amend('before the day', '2026-04-05', 'Asia/Tokyo', 10);
SELECT pg_temp.end_on('before the day', '2026-04-07');
SELECT is(pg_temp.period('before the day', '2026-03-01'), '2026-03-10 04:00:00 .. 2026-04-07 04:00:00',
    'an end before the billing day is in the period of the month before, and in its zone');

-- ---- open and over ----

SELECT is(headroom.current_month(pg_temp.contract_id('ended'), '2025-05-01Z'), DATE '2026-01-01',
    'before it: the first');
SELECT is(headroom.current_month(pg_temp.contract_id('ended'), '2026-02-10Z'), DATE '2026-02-01',
    'in it: the open one');
SELECT is(headroom.current_month(pg_temp.contract_id('ended'), '2027-02-10Z'), DATE '2026-03-01', 'after it: the last');
SELECT is(headroom.last_over_month(pg_temp.contract_id('ended'), '2026-01-20Z'), NULL, 'none is over yet');
SELECT is(headroom.last_over_month(pg_temp.contract_id('ended'), '2026-02-01Z'), DATE '2026-01-01', 'over at its end');
SELECT is(headroom.last_over_month(pg_temp.contract_id('ended'), '2026-03-10Z'), DATE '2026-02-01', 'the one before');
SELECT is(headroom.last_over_month(pg_temp.contract_id('ended'), '2027-03-10Z'), DATE '2026-03-01', 'the last one');

SELECT is(headroom.last_over_month(pg_temp.contract_id('ended'), '2026-03-20Z'), DATE '2026-03-01',
    'as soon as it ends');
SELECT is(headroom.current_month(pg_temp.contract_id('boundary'), '2026-05-01Z'), DATE '2026-02-01',
    'the last one, where the contract ended on a billing day');

-- ---- no gap, no overlap, no second name: for every contract above ----

SELECT is_empty(
    $$
    SELECT c.name, m.month
    FROM headroom.contract AS c
    CROSS JOIN generate_series(TIMESTAMP '2019-06-01', TIMESTAMP '2029-01-01', INTERVAL '1 month') AS m (month)
    CROSS JOIN LATERAL headroom.period(c.contract_id, m.month::date) AS p
    LEFT JOIN LATERAL headroom.period(c.contract_id, (m.month + INTERVAL '1 month')::date) AS n ON true
    WHERE p.ends_at <> n.starts_at
        OR p.whole_ends_at <> n.whole_starts_at
        OR (n.starts_at IS NULL AND c.ends_on IS NULL)
        OR headroom.month_at(c.contract_id, p.starts_at) <> p.month
        OR headroom.month_at(c.contract_id, p.ends_at - INTERVAL '1 microsecond') <> p.month
    $$,
    'each period ends where the next begins, and its instants name it');
SELECT is_empty(
    $$
    SELECT c.name, d.*
    FROM headroom.contract AS c
    CROSS JOIN LATERAL (
        SELECT d.*, lag(d.ends_at) OVER (ORDER BY d.starts_at) AS before
        FROM headroom.calendar(c.contract_id, '2019-01-01Z', '2029-01-01Z') AS d
    ) AS d
    WHERE d.starts_at >= d.ends_at
        OR d.starts_at <> d.before
        OR d.day NOT BETWEEN 0 AND 62
    $$,
    'each day ends where the next begins');
SELECT is_empty(
    $$
    SELECT c.name, d.*
    FROM headroom.contract AS c
    CROSS JOIN LATERAL headroom.calendar(c.contract_id, '2026-02-01Z', '2026-09-05Z') AS d
    JOIN LATERAL headroom.period(c.contract_id, d.month) AS p ON true
    WHERE p.first_day + d.day <> ((d.ends_at - INTERVAL '1 microsecond') AT TIME ZONE p.time_zone)::date
    $$,
    'a bit is the day of its local date');
SELECT results_eq(
    $$ SELECT * FROM headroom.calendar(pg_temp.contract_id('east'), '2026-02-10Z', '2026-05-10Z')
        WHERE ends_at > '2026-03-01Z' AND starts_at <= '2026-03-03Z' $$,
    $$ SELECT * FROM headroom.calendar(pg_temp.contract_id('east'), '2026-03-01Z', '2026-03-03Z') $$,
    'a part of the calendar is as the whole');

SELECT * FROM finish();
ROLLBACK;
