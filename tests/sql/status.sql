-- SPDX-License-Identifier: MIT
-- Where a month stands: limit, headroom, overage, charge, open or over, data until, as of.
BEGIN;
SELECT plan(32);

\ir lib/ledger.psql

CREATE FUNCTION pg_temp.status(contract text, month date, now_at timestamptz DEFAULT '2026-10-20Z')
RETURNS TABLE (s jsonb)
LANGUAGE sql
AS $$
    SELECT to_jsonb(m) FROM headroom.month_status(pg_temp.contract_id(contract), month, now_at) AS m
$$;

CREATE FUNCTION pg_temp.events(contract text, month date, owners integer)
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_temp.event(contract, month::timestamp AT TIME ZONE 'UTC' + INTERVAL '36 hours', n::text)
    FROM generate_series(1, owners) AS n;
    SELECT pg_temp.roll_up()
$$;

-- ---- limit, headroom, overage, charge ----

SELECT pg_temp.contract('acme', 5);
SELECT is(
    (SELECT s ->> 'unique_handles' || '/' || (s ->> 'headroom') || '/' || (s ->> 'overage') || '/' || (s ->> 'charge')
    FROM pg_temp.status('acme', '2026-10-01')),
    '0/5/0/0.00', 'nothing used');
SELECT is(
    (SELECT array_agg(format('%s %s/%s/%s', n.owners, s.s ->> 'headroom', s.s ->> 'overage', s.s ->> 'charge')
        ORDER BY n.owners)
    FROM (VALUES (4, DATE '2026-01-01'), (5, '2026-02-01'), (6, '2026-03-01')) AS n (owners, month)
    CROSS JOIN LATERAL (SELECT pg_temp.events('acme', n.month, n.owners)) AS e
    CROSS JOIN LATERAL pg_temp.status('acme', n.month) AS s),
    ARRAY['4 1/0/0.00', '5 0/0/0.00', '6 0/1/2.50'], 'below, at and above the limit');
SELECT pg_temp.contract('no limit', NULL);
SELECT pg_temp.events('no limit', '2026-01-01', 6);
SELECT is(
    (SELECT s - ARRAY['period_start', 'period_end', 'as_of', 'data_until', 'completeness_words', 'silent', 'low_days']
    FROM pg_temp.status('no limit', '2026-01-01')),
    '{"contract": "no limit", "month": "2026-01", "time_zone": "UTC", "state": "over", "rule": "answered",
    "unique_handles": 6, "provisional": 0, "unit_limit": null, "headroom": null, "overage": 0, "charge": "0.00",
    "currency": "USD", "requests": 6, "counted_requests": 6, "completeness": "gaps", "spread": [6, 6, 6, 6, 6, 6]}'::jsonb,
    'without a limit: headroom null, overage 0, charge 0');
SELECT pg_temp.contract('limit 0', 0);
SELECT pg_temp.events('limit 0', '2026-01-01', 2);
SELECT is((SELECT s ->> 'charge' FROM pg_temp.status('limit 0', '2026-01-01')), '5.00',
    'with a limit of 0 all is overage');
SELECT is_empty($$ SELECT * FROM pg_temp.status('acme', '2019-12-01') $$, 'no status of a month without a period');
SELECT is_empty($$ SELECT * FROM headroom.month_status(-1, '2026-01-01', '2026-01-01Z') $$, 'nor of no contract');

SELECT pg_temp.contract('by rule', 1, 'attempted+app');
SELECT pg_temp.event('by rule', '2026-01-01Z', '1', 'attempted');
SELECT pg_temp.event('by rule', '2026-01-01Z', '2', via_app => true);
SELECT pg_temp.event('by rule', '2026-01-01Z', '~app', via_app => true);
SELECT pg_temp.event('by rule', '2026-01-01Z', '~beef');
SELECT pg_temp.event('by rule', '2026-01-01Z', '3', 'not_attempted');
SELECT pg_temp.roll_up();
SELECT is(
    (SELECT concat_ws(' ', s ->> 'rule', s ->> 'unique_handles', s ->> 'provisional', s ->> 'requests',
        s ->> 'counted_requests')
    FROM pg_temp.status('by rule', '2026-01-01')),
    'attempted+app 3 1 5 3', 'under the rule of the terms');

-- ---- open and over ----

SELECT is((SELECT s ->> 'state' FROM pg_temp.status('acme', '2026-03-01', '2026-03-31T23:59:59Z')), 'open',
    'until its end');
SELECT is((SELECT s ->> 'state' FROM pg_temp.status('acme', '2026-03-01', '2026-04-01T00:00Z')), 'over', 'at its end');
SELECT is((SELECT s ->> 'state' FROM pg_temp.status('acme', '2027-03-01')), 'open', 'one to come');

-- ---- data until, as of ----

CREATE FUNCTION pg_temp.until(month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT (headroom.data_until(pg_temp.contract_id('sources'), month) AT TIME ZONE 'UTC')::text
$$;

SELECT pg_temp.contract('sources');
SELECT is(pg_temp.until('2026-09-01'), NULL, 'null where nothing was delivered');
SELECT pg_temp.event('sources', '2026-09-10T12:00Z', '1', source => 'a', batch_id => 1);
SELECT pg_temp.event('sources', '2026-09-08T12:00Z', '1', source => 'a', batch_id => 2);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.until('2026-09-01'), '2026-09-10 12:00:00.000001',
    'a microsecond after its last event, of any batch');
SELECT pg_temp.event('sources', '2026-09-05Z', '1', source => 'b');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.until('2026-09-01'), '2026-09-05 00:00:00.000001', 'the earliest of the active sources');
SELECT pg_temp.event('sources', '2026-08-01Z', '1', source => 'c');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.until('2026-09-01'), '2026-08-01 00:00:00.000001', 'active by an event in the month before');
SELECT pg_temp.event('sources', '2026-07-31T23:59:59Z', '1', source => 'd');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.until('2026-09-01'), '2026-08-01 00:00:00.000001', 'but not before that');
SELECT is(pg_temp.until('2026-08-01'), '2026-07-31 23:59:59.000001', 'it is in the month before');
SELECT is(pg_temp.until('2026-10-01'), '2026-09-05 00:00:00.000001',
    'in the month after only those that still deliver');
SELECT is(pg_temp.until('2026-12-01'), NULL, 'and later none');
SELECT is(
    (SELECT (s ->> 'as_of')::timestamptz FROM pg_temp.status('sources', '2026-08-01')), '2026-07-31T23:59:59.000001Z',
    'as of is data until');
SELECT is(
    (SELECT (s ->> 'as_of')::timestamptz FROM pg_temp.status('sources', '2026-10-01', '2026-09-02Z')), '2026-09-02Z',
    'never later than now');
SELECT is(
    (SELECT (s ->> 'as_of')::timestamptz FROM pg_temp.status('acme', '2026-02-01')), '2026-03-01Z',
    'nor than the end of the period');

SELECT is(
    (SELECT s ->> 'as_of' FROM pg_temp.status('acme', '2026-12-01')), NULL, 'and unknown where no source delivers');

-- ---- a cut period with daily proration ----

SELECT pg_temp.contract('cut', 100, valid_from => '2026-01-15');
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut'), '2026-01-01'), 100::bigint, 'no proration: the whole limit');
UPDATE headroom.term SET proration = 'daily' WHERE contract_id = pg_temp.contract_id('cut');
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut'), '2026-01-01'), 55::bigint, '17 of 31 days: 54.84');
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut'), '2026-02-01'), 100::bigint,
    'a whole period has the whole limit');
UPDATE headroom.contract SET ends_on = '2026-03-02' WHERE name = 'cut';
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut'), '2026-03-01'), 3::bigint, '1 of 31 days: 3.23');
UPDATE headroom.contract SET ends_on = '2026-02-15' WHERE name = 'cut';
UPDATE headroom.term SET unit_limit = 101 WHERE contract_id = pg_temp.contract_id('cut');
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut'), '2026-02-01'), 51::bigint,
    '14 of 28 days: 50.5 is rounded up');
UPDATE headroom.term SET unit_limit = NULL WHERE contract_id = pg_temp.contract_id('cut');
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut'), '2026-02-01'), NULL, 'no limit stays none');

SELECT pg_temp.contract('cut by the clock', 31, time_zone => 'America/New_York', valid_from => '2026-03-09');
UPDATE headroom.term SET proration = 'daily' WHERE contract_id = pg_temp.contract_id('cut by the clock');
SELECT is(headroom.unit_limit(pg_temp.contract_id('cut by the clock'), '2026-03-01'), 23::bigint,
    'days of the zone, whatever their length');

-- ---- status reads no events ----

SELECT pg_temp.fact('x', n, '2026-01-01Z'::timestamptz + n * INTERVAL '1 day') FROM generate_series(1, 9) AS n;
SELECT pg_temp.event('acme', '2026-01-02Z'::timestamptz + n * INTERVAL '1 day', '@x') FROM generate_series(1, 9) AS n;
SELECT pg_temp.roll_up();
SELECT pg_temp.contract_id('acme') AS acme \gset
REVOKE SELECT ON headroom.event FROM headroom_reader;
SET LOCAL ROLE headroom_reader;
SELECT is(
    (SELECT unique_handles FROM headroom.month_status(:acme, '2026-01-01', '2026-10-20Z')), 9::bigint,
    'who may not read the events may read the status, also where a handle passes on');
SELECT is(
    (SELECT count(*) FROM headroom.spread(:acme, '2026-01-01') WHERE unique_handles = 9), 6::bigint, 'and the spread');
SELECT throws_ok(
    format('SELECT * FROM headroom.recount(%s, ''2026-01-01'')', :acme), '42501', NULL, 'but not the recount');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
