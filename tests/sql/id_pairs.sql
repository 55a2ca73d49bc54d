-- SPDX-License-Identifier: MIT
-- Events that share an id: pairs, in the month of the earlier one, and whether both have one owner.
BEGIN;
SELECT plan(14);

\ir lib/ledger.psql

-- The pairs of a month as text: id, both subjects, resolved.
CREATE FUNCTION pg_temp.pairs(contract text, month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        concat_ws(' ', event_id, earlier_subject, later_subject, CASE WHEN resolved THEN 'resolved' ELSE 'open' END),
        ', ' ORDER BY earlier_at, event_id, earlier_subject)
    FROM headroom.id_pairs(pg_temp.contract_id(contract), month)
$$;

SELECT pg_temp.contract('acme');
SELECT pg_temp.contract('other');
SELECT pg_temp.event('acme', '2026-01-01Z', '1');
SELECT pg_temp.event('acme', '2026-01-01Z', '2');
SELECT is(pg_temp.pairs('acme', '2026-01-01'), NULL, 'ids of their own make no pair');

SELECT pg_temp.event('acme', '2026-01-02Z', '1', event_id => 'class');
SELECT pg_temp.event('acme', '2026-01-02Z', '1', 'attempted', event_id => 'class');
SELECT pg_temp.event('acme', '2026-01-03Z', '1', event_id => 'time');
SELECT pg_temp.event('acme', '2026-01-03T12:00Z', '1', event_id => 'time');
SELECT pg_temp.event('acme', '2026-01-04Z', '1', event_id => 'subject');
SELECT pg_temp.event('acme', '2026-01-04Z', '2', event_id => 'subject');
SELECT pg_temp.event('acme', '2026-01-05Z', '1', event_id => 'via');
SELECT pg_temp.event('acme', '2026-01-05Z', '1', via_app => true, event_id => 'via');
SELECT is(
    pg_temp.pairs('acme', '2026-01-01'), 'class 1 1 resolved, time 1 1 resolved, subject 1 2 open, via 1 1 resolved',
    'another class, time, subject or way');

SELECT pg_temp.event('acme', '2026-02-01Z', '1', event_id => 'source', source => 'a');
SELECT pg_temp.event('acme', '2026-02-01Z', '1', event_id => 'source', source => 'b');
SELECT pg_temp.event('acme', '2026-02-01Z', '1', event_id => 'contract');
SELECT pg_temp.event('other', '2026-02-01Z', '1', event_id => 'contract');
SELECT pg_temp.event('acme', '2026-02-02Z', '1', event_id => 'c', source => 'a-b');
SELECT pg_temp.event('acme', '2026-02-03Z', '1', event_id => 'b-c', source => 'a');
SELECT is(pg_temp.pairs('acme', '2026-02-01'), NULL,
    'another source or contract makes none; joined parts are not confused');

SELECT pg_temp.event('acme', '2026-03-31T23:00Z', '1', event_id => 'later');
SELECT pg_temp.event('acme', '2026-05-01Z', '3', event_id => 'later');
SELECT is(pg_temp.pairs('acme', '2026-03-01'), 'later 1 3 open', 'a pair is of the month of the earlier event');
SELECT is(pg_temp.pairs('acme', '2026-05-01'), NULL, 'and of no other');
SELECT pg_temp.event('acme', '2026-06-01Z', '1', event_id => 'later');
SELECT is(pg_temp.pairs('acme', '2026-05-01'), 'later 3 1 open',
    'a third event makes one pair more, with the one before it');

SELECT pg_temp.event('acme', '2026-07-01Z', '@amy', event_id => 'owner');
SELECT pg_temp.event('acme', '2026-07-10Z', '7', event_id => 'owner');
SELECT is(pg_temp.pairs('acme', '2026-07-01'), 'owner @amy 7 open', 'a handle whose user nobody knows');
SELECT pg_temp.fact('amy', 7, '2026-07-20Z');
SELECT is(pg_temp.pairs('acme', '2026-07-01'), 'owner @amy 7 resolved', 'and once it is known');
SELECT pg_temp.fact('amy', 8, '2026-07-01Z');
SELECT is(pg_temp.pairs('acme', '2026-07-01'), 'owner @amy 7 open', 'on that day');

SELECT pg_temp.roll_up();
SELECT is(
    (SELECT array_agg((name, found, state)::text ORDER BY name)
    FROM headroom.pair_checks(pg_temp.contract_id('acme'), '2026-01-01')),
    ARRAY['("events that share an id",4,warn)', '("of these without one owner",1,warn)'], 'the checks warn of them');
SELECT is(
    (SELECT requests FROM headroom.rule_counts(pg_temp.contract_id('acme'), '2026-01-01') LIMIT 1), 10::bigint,
    'both events of a pair are in the requests');
SELECT is(pg_temp.owners('acme', '2026-01-01'), '1=8 2=2', 'each by its own subject');

-- The owner at an instant, where the clock is set back over midnight: the hour that comes again is of the new day.
SELECT pg_temp.contract('newfoundland', time_zone => 'America/St_Johns', valid_from => '2010-01-01');
SELECT pg_temp.fact('bob', 10, '2010-01-01Z');
SELECT pg_temp.fact('bob', 11, '2010-11-07T10:00Z');
SELECT is(
    (SELECT string_agg(headroom.owner_at(pg_temp.contract_id('newfoundland'), '@bob', t), ' ' ORDER BY t)
    FROM unnest(ARRAY[
        '2010-11-07T02:29Z', '2010-11-07T02:30Z', '2010-11-07T02:40Z', '2010-11-07T03:40Z']::timestamptz[]) AS t),
    '10 11 11 11', 'at 23:10 of 6 November for the second time it is 7 November');
SELECT is(
    headroom.owner_at(pg_temp.contract_id('newfoundland'), '@bob', '2009-05-01Z'), '10', 'before the contract begins');

SELECT * FROM finish();
ROLLBACK;
