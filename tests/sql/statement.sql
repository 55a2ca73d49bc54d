-- SPDX-License-Identifier: MIT
-- What a month's statement says beside its status: the price of each rule, what another zone would move, the app's
-- requests without an owner, and the months there are.
BEGIN;
SELECT plan(17);

\ir lib/ledger.psql

-- A month's boundary as text: start and end, each leave/come and the charges of both.
CREATE FUNCTION pg_temp.boundary(contract text, month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(concat_ws(' ', side, leave || '/' || come, leave_charge || '/' || come_charge), ', '
        ORDER BY side DESC)
    FROM headroom.month_boundary(
        pg_temp.contract_id(contract), month,
        (SELECT unique_handles FROM headroom.month_status(pg_temp.contract_id(contract), month, '2026-12-01Z')))
$$;

-- ---- who is within a day of either end ----

SELECT pg_temp.contract('acme', 2);
SELECT is(pg_temp.boundary('acme', '2026-03-01'), 'start 0/0 0/0, end 0/0 0/0', 'nobody in a month without events');
-- On the first day only; on the last; on both; in the middle too; the day before; the day before and in the middle.
SELECT pg_temp.event('acme', '2026-03-01T00:00Z', '1');
SELECT pg_temp.event('acme', '2026-03-31T23:59:59.999999Z', '2');
SELECT pg_temp.event('acme', at, '3') FROM unnest(ARRAY['2026-03-01T12:00Z', '2026-03-31T12:00Z']::timestamptz[]) AS at;
SELECT pg_temp.event('acme', at, '4') FROM unnest(ARRAY['2026-03-01T12:00Z', '2026-03-15T12:00Z']::timestamptz[]) AS at;
SELECT pg_temp.event('acme', '2026-02-28T23:59Z', '5');
SELECT pg_temp.event('acme', at, '6') FROM unnest(ARRAY['2026-02-28T23:59Z', '2026-03-15T12:00Z']::timestamptz[]) AS at;
SELECT pg_temp.event('acme', '2026-04-01T00:00Z', n::text) FROM generate_series(7, 9) AS n;
SELECT pg_temp.event('acme', '2026-02-27T23:59Z', '10');
SELECT pg_temp.event('acme', '2026-04-02T00:00Z', '11');
SELECT pg_temp.event('acme', '2026-02-28T23:59Z', '12', 'attempted');
SELECT pg_temp.event('acme', '2026-03-01T23:59Z', '12', 'attempted');
SELECT pg_temp.event('acme', '2026-03-01T00:00Z', '13', via_app => true);
SELECT pg_temp.event('acme', '2026-02-28T23:59Z', '~app', via_app => true);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.unique_handles('acme', '2026-03-01'), 5::bigint, 'five count');
SELECT is(pg_temp.boundary('acme', '2026-03-01'), 'start 1/1 -2.50/2.50, end 1/3 -2.50/7.50',
    'who is on the first or last day only, and who on the day outside only; priced');
UPDATE headroom.term SET counting = 'attempted+app' WHERE contract_id = pg_temp.contract_id('acme');
SELECT is(pg_temp.boundary('acme', '2026-03-01'), 'start 3/1 -7.50/2.50, end 1/3 -2.50/7.50',
    'under the rule of the terms');
UPDATE headroom.term SET counting = 'answered', unit_limit = 6 WHERE contract_id = pg_temp.contract_id('acme');
SELECT is(pg_temp.boundary('acme', '2026-03-01'), 'start 1/1 0/0, end 1/3 0/5.00', 'only what is over the limit costs');
UPDATE headroom.term SET unit_limit = NULL WHERE contract_id = pg_temp.contract_id('acme');
SELECT is(pg_temp.boundary('acme', '2026-03-01'), 'start 1/1 0/0, end 1/3 0/0', 'nothing without a limit');

-- A handle and its user are one owner, on whatever days; one that passes on has two.
SELECT pg_temp.contract('named', 0);
SELECT pg_temp.fact('amy', 1, '2026-01-01Z');
SELECT pg_temp.fact('bob', 2, '2026-01-01Z');
SELECT pg_temp.fact('bob', 3, '2026-03-31T01:00Z');
SELECT pg_temp.event('named', '2026-03-01Z', '@amy');
SELECT pg_temp.event('named', '2026-03-15Z', '1');
SELECT pg_temp.event('named', '2026-02-28Z', '@amy');
SELECT pg_temp.event('named', '2026-03-15Z', '@bob');
SELECT pg_temp.event('named', '2026-03-31T02:00Z', '@bob');
SELECT pg_temp.event('named', '2026-04-01Z', '@bob');
SELECT pg_temp.event('named', '2026-04-01Z', '2');
SELECT pg_temp.event('named', '2026-04-01Z', '@eve');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.boundary('named', '2026-03-01'), 'start 0/0 0.00/0.00, end 1/1 -2.50/2.50',
    'owners, not subjects: the user who got the handle on the last day leaves, the handle of nobody comes');

-- A contract that begins within a period has no day before; one day long, its day is both ends.
SELECT pg_temp.contract('cut', 0, valid_from => '2026-03-10');
UPDATE headroom.contract SET ends_on = '2026-03-11' WHERE name = 'cut';
SELECT pg_temp.event('cut', '2026-03-09T12:00Z', '1');
SELECT pg_temp.event('cut', '2026-03-10T12:00Z', '2');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.boundary('cut', '2026-03-01'), 'start 1/0 -2.50/0.00, end 1/0 -2.50/0.00', 'a period of one day');

-- ---- the price of each rule ----

SELECT is(
    (SELECT string_agg(concat_ws(' ', rule, unique_handles, difference, charge, charge_difference), ', ')
    FROM headroom.month_spread(pg_temp.contract_id('named'), '2026-03-01', ARRAY[5, 6, 3, 4, 0, 1])),
    'attempted 5 2 12.50 5.00, attempted+app 6 3 15.00 7.50, answered 3 0 7.50 0.00, answered+app 4 1 10.00 2.50, '
    'delivered 0 -3 0 -7.50, delivered+app 1 -2 2.50 -5.00', 'in handles and in money, against the rule of the terms');
SELECT is(
    (SELECT spread FROM headroom.month_status(pg_temp.contract_id('named'), '2026-03-01', '2026-12-01Z')),
    (SELECT array_agg(s.unique_handles ORDER BY r.place)
    FROM headroom.spread(pg_temp.contract_id('named'), '2026-03-01') AS s
    JOIN headroom.counting_rule AS r USING (rule)),
    'the status has the spread');

-- ---- requests of the app alone ----

SELECT pg_temp.contract('app');
SELECT pg_temp.event('app', '2026-03-01Z', '~app', class, true, batch_id => 5)
FROM unnest(enum_range(NULL::headroom.class)) AS class;
SELECT pg_temp.event('app', '2026-03-01Z', '1', via_app => true, batch_id => 5);
SELECT pg_temp.event('app', '2026-03-02Z', '~app', via_app => true, batch_id => 6);
SELECT pg_temp.roll_up();
SELECT is(
    (SELECT (requests, at_most)::text FROM headroom.month_app_only(pg_temp.contract_id('app'), '2026-03-01')), '(5,3)',
    'without an owner: all, and those of the class of the rule');
SELECT pg_temp.change(6, 'void');
SELECT is(
    (SELECT (requests, at_most)::text FROM headroom.month_app_only(pg_temp.contract_id('app'), '2026-03-01')), '(4,2)',
    'without voided ones');
SELECT is(
    (SELECT (requests, at_most)::text FROM headroom.month_app_only(pg_temp.contract_id('app'), '2026-04-01')), '(0,0)',
    'zeros in a month without');

-- ---- the months ----

CREATE FUNCTION pg_temp.months(contract text, now_at timestamptz)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(to_char(month, 'YYYY-MM'), ' ')
    FROM headroom.statement_months(pg_temp.contract_id(contract), now_at)
$$;

SELECT is(pg_temp.months('acme', '2026-06-05Z'), '2026-02 2026-03 2026-04 2026-05 2026-06',
    'from the first with requests to now');
SELECT is(pg_temp.months('acme', '2026-03-31Z'), '2026-02 2026-03 2026-04', 'or to the last with requests');
SELECT is(pg_temp.months('cut', '2026-06-05Z'), '2026-03', 'no further than the contract goes');
SELECT pg_temp.contract('unused');
SELECT is(pg_temp.months('unused', '2026-06-05Z'), '2026-06', 'without requests that of now');

SELECT * FROM finish();
ROLLBACK;
