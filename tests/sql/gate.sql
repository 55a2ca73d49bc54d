-- SPDX-License-Identifier: MIT
-- The gate for new handles: who may pass near a month's limit, which passes count, what gives a place back.
BEGIN;
SELECT plan(36);

\ir lib/ledger.psql

-- The decisions for one subject after the other, at one time, as text; unit_limit and unique_handles of the last one.
CREATE FUNCTION pg_temp.ask(
    contract text, at timestamptz, subjects text[], source text DEFAULT 'gateway a', closes_at bigint DEFAULT NULL)
RETURNS text
LANGUAGE sql
AS $$
    SELECT concat_ws(' ',
        string_agg(a.decision, ' ' ORDER BY a.place),
        (array_agg(a.unique_handles ORDER BY a.place DESC))[1] || '/' || (array_agg(a.unit_limit ORDER BY a.place DESC))[1])
    FROM headroom.gate_ask(
        pg_temp.contract_id(contract), source, closes_at, subjects, array_fill(at, ARRAY[cardinality(subjects)]),
        at + INTERVAL '1 second') AS a
$$;

-- Says that a source has delivered up to a time.
CREATE FUNCTION pg_temp.said(contract text, source text, until timestamptz)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.source_until (contract_id, source, reader, since, until)
    VALUES (pg_temp.contract_id(contract), source, 'drain', until, until)
$$;

-- ---- places ----

SELECT pg_temp.contract('acme', 3);
SELECT pg_temp.event('acme', '2026-03-01T10:00Z', '11');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{11}'), 'counted 1/3', 'a counted handle takes no place');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{12}'), 'passed 2/3', 'a new one takes one');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{12}'), 'passed 2/3', 'and the same one with its second request');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{13,14}'), 'passed refused 3/3', 'of two the first takes the last place');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{14}', 'gateway b'), 'refused 3/3', 'also through another gateway');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{13}', 'gateway b'), 'passed 3/3', 'where the one that passed passes too');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{14}', closes_at => 4), 'passed 4/4', 'it closes at another number');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{15}', closes_at => 0), 'refused 4/0', 'or at none');
SELECT is(pg_temp.ask('acme', '2026-03-02T10:00Z', '{}'), '', 'nobody asks');
DELETE FROM headroom.gate_pass WHERE subject = '14';

-- ---- a pass whose event came ----

SELECT pg_temp.event('acme', '2026-03-02T10:00Z', '12');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.ask('acme', '2026-03-02T11:00Z', '{12,14}'), 'counted refused 3/3', 'counts once, as counted');
SELECT is((SELECT string_agg(subject || ' ' || source, ', ' ORDER BY subject, source) FROM headroom.gate_pass),
    '13 gateway a, 13 gateway b', 'and its pass is settled');

-- ---- a place that is given back ----

SELECT pg_temp.event('acme', '2026-03-02T10:00Z', '13', class => 'not_attempted', source => 'gateway a');
SELECT pg_temp.roll_up();
SELECT pg_temp.said('acme', 'gateway a', '2026-03-02T10:00:10Z');
SELECT is(pg_temp.ask('acme', '2026-03-02T11:00Z', '{14}'), 'refused 3/3', 'a request may be on its way into the spool');
SELECT pg_temp.said('acme', 'gateway a', '2026-03-02T12:00Z');
SELECT is(pg_temp.ask('acme', '2026-03-02T11:00Z', '{14}'), 'refused 3/3', 'the other gateway has not delivered');
SELECT pg_temp.said('acme', 'gateway b', '2026-03-02T10:00:10.000001Z');
SELECT is(pg_temp.ask('acme', '2026-03-02T13:00Z', '{14}'), 'passed 3/3', 'all was delivered, and 13 is not counted');
SELECT is(pg_temp.ask('acme', '2026-03-02T13:00Z', '{13}'), 'refused 3/3', 'so it has to ask again');
SELECT is(pg_temp.ask('acme', '2026-03-02T09:00Z', '{14}'), 'passed 3/3', 'a request with an older time');
SELECT is((SELECT passed_at FROM headroom.gate_pass WHERE subject = '14'), '2026-03-02T13:00Z', 'does not end a pass sooner');
DELETE FROM headroom.gate_pass;
SELECT is(pg_temp.ask('acme', '2026-03-02T09:00Z', '{16}'), 'passed 3/3', 'the clock was set back: the pass is older than what was delivered');
SELECT is(pg_temp.ask('acme', '2026-03-02T09:00Z', '{17}'), 'refused 3/3', 'and holds');
SELECT pg_temp.said('acme', 'gateway a', '2026-03-02T12:00:01Z');
SELECT is(pg_temp.ask('acme', '2026-03-02T09:00Z', '{17}'), 'passed 3/3', 'until more is delivered');

-- ---- owners ----

SELECT pg_temp.contract('facts', 2);
SELECT pg_temp.fact('amy', 21, '2026-01-01Z', 7);
SELECT pg_temp.fact('bob', 22, '2026-01-01Z', 7);
SELECT is(pg_temp.ask('facts', '2026-03-02T10:00Z', '{21,@amy,@bob}'), 'passed passed passed 2/2', 'a handle and its user are one');
SELECT is(pg_temp.ask('facts', '2026-03-02T10:00Z', '{22,23,@cat}'), 'passed refused refused 2/2', 'also the other way round');
SELECT pg_temp.event('facts', '2026-03-02T10:00Z', '@amy');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.ask('facts', '2026-03-02T10:00Z', '{21}'), 'counted 2/2', 'counted by its handle');
SELECT is((SELECT array_agg(owner) FROM headroom.gate_counted(pg_temp.contract_id('facts'), '2026-03-01')), '{21}',
    'and known as its user');

-- ---- months, terms and rules ----

SELECT pg_temp.contract('berlin', 1, time_zone => 'Europe/Berlin');
SELECT is(pg_temp.ask('berlin', '2026-03-31T21:59:59Z', '{31,32}'), 'passed refused 1/1', 'the last second of March in Berlin');
SELECT is(pg_temp.ask('berlin', '2026-03-31T22:00Z', '{32}'), 'passed 1/1', 'April begins anew');
SELECT is(pg_temp.ask('berlin', '2019-12-01T00:00Z', '{33}'), 'unlimited', 'under no terms nothing is counted');
SELECT is(
    (SELECT string_agg(a.place || to_char(a.month, ' MM ') || a.decision, ', ' ORDER BY a.place)
    FROM headroom.gate_ask(pg_temp.contract_id('berlin'), 'gateway a', NULL, '{34,31,35}',
        '{2026-04-01T10:00Z,2026-03-31T10:00Z,2026-05-01T10:00Z}', '2026-05-01T10:00Z') AS a),
    '1 04 refused, 2 03 passed, 3 05 passed', 'requests of several months at once');
SELECT pg_temp.contract('free', NULL);
SELECT is(pg_temp.ask('free', '2026-03-02T10:00Z', '{41}'), 'unlimited', 'without a limit it never closes');
SELECT is((SELECT count(*) FROM headroom.gate_pass WHERE subject = '41'), 0::bigint, 'and gives no passes');
SELECT pg_temp.contract('apps', 2, 'attempted');
SELECT pg_temp.event('apps', '2026-03-01T10:00Z', '51', class => 'attempted');
SELECT pg_temp.event('apps', '2026-03-01T10:00Z', '52', via_app => true);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.ask('apps', '2026-03-02T10:00Z', ARRAY['51', '52', '~' || repeat('a', 64)]), 'counted passed refused 2/2',
    'by the rule of the contract; a token that names nobody takes a place too');

-- ---- the broken glass ----

SELECT headroom.gate_allow(pg_temp.contract_id('apps'), '2026-03-01', '53', 'customer of ours', '2026-03-02T10:00Z', 'ann');
SELECT is(pg_temp.ask('apps', '2026-03-02T10:00Z', '{53,54}'), 'allowed refused 3/2', 'an allowed handle passes and takes its place');
SELECT throws_ok(
    $$ SELECT headroom.gate_allow(pg_temp.contract_id('apps'), '2026-03-01', '53', 'again', '2026-03-03T10:00Z', 'bob') $$,
    'HR001', '53 was allowed in 2026-03 already, by ann on 2026-03-02: customer of ours', 'once');
SELECT throws_ok(
    $$ SELECT headroom.gate_allow(pg_temp.contract_id('apps'), '2026-02-01', '53', 'late', '2026-03-03T10:00Z', 'bob') $$,
    'HR001', '2026-02 is over: nothing passes the gate in it any more', 'not in a month that is over');
SELECT throws_ok(
    $$ SELECT headroom.gate_allow(pg_temp.contract_id('apps'), '2019-02-01', '53', 'late', '2019-02-03T10:00Z', 'bob') $$,
    'HR001', '2019-02 is under no terms: nothing passes the gate in it any more', 'nor where there are no terms');
SELECT is((SELECT (month, unit_limit, starts_at)::text FROM headroom.gate_months('2026-03-31T22:30Z') WHERE contract = 'berlin'),
    ('2026-04-01'::date, 1::bigint, '2026-03-31T22:00Z'::timestamptz)::text, 'the open month of a contract');

SELECT * FROM finish();
ROLLBACK;
