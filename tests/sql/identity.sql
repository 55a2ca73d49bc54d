-- SPDX-License-Identifier: MIT
-- The owner view: renames, handles that pass to another user, facts that are learned late, ties, and evidence of owners
-- that share a handle.
BEGIN;
SELECT plan(46);

\ir lib/ledger.psql

-- The owner of a handle on each day of a month, as spans: "101:0-9 202:10-30".
CREATE FUNCTION pg_temp.spans(contract text, month date, handle text)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(format('%s:%s-%s', s.owner, s.first_day, s.last_day), ' ' ORDER BY s.first_day)
    FROM (
        SELECT h.owner, min(d.bit) AS first_day, max(d.bit) AS last_day
        FROM headroom.handle_owners(pg_temp.contract_id(contract), month) AS h
        JOIN headroom.period_days(pg_temp.contract_id(contract), month) AS d
            ON h.owned_days & (1::bigint << d.bit) <> 0
        WHERE h.subject = '@' || handle
        GROUP BY h.owner
    ) AS s
$$;

SELECT pg_temp.contract('acme');

-- ---- without facts ----

SELECT pg_temp.event('acme', '2026-01-05Z', '@amy');
SELECT pg_temp.event('acme', '2026-01-06Z', '@bob');
SELECT pg_temp.event('acme', '2026-01-07Z', '101');
SELECT pg_temp.event('acme', '2026-01-08Z', '~0f0f');
SELECT pg_temp.event('acme', '2026-01-09Z', '~app', via_app => true);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.owners('acme', '2026-01-01'), '101=1 @amy=1 @bob=1 ~0f0f=1',
    'without facts each subject owns itself');
SELECT is(pg_temp.unique_handles('acme', '2026-01-01'), 4::bigint, 'and counts once');
SELECT is_empty('SELECT * FROM headroom.handle_owners(pg_temp.contract_id(''acme''), ''2026-01-01'')',
    'nobody is known');
SELECT is(
    (SELECT count(*) FROM headroom.counted(pg_temp.contract_id('acme'), '2026-01-01', 'answered') WHERE provisional),
    1::bigint, 'a token that names nobody is provisional');

-- ---- a rename keeps one owner ----

SELECT pg_temp.fact('amy', 101, '2026-01-07Z');
SELECT is(pg_temp.owners('acme', '2026-01-01'), '101=2 @bob=1 ~0f0f=1', 'learned late: the handle joins its user');
SELECT is(pg_temp.unique_handles('acme', '2026-01-01'), 3::bigint, 'and they are one');
SELECT pg_temp.fact('bob', 101, '2026-02-20Z');
SELECT is(pg_temp.owners('acme', '2026-01-01'), '101=3 ~0f0f=1', 'a rename keeps one owner, also before it was seen');
SELECT is(
    (SELECT (user_id, handle, subject)::text
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-01-01', 'answered') WHERE owner = '101'),
    '(101,bob,@amy)', 'shown by the latest handle; the subject is that of the first counted event');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@amy', '2026-01-05Z'), '101', 'the owner at an instant');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '~app', '2026-01-05Z'), '~app', 'nobody stays nobody');

-- ---- a handle that passes to another user makes two ----

SELECT pg_temp.event('acme', at, '@carol')
FROM (VALUES
    ('2026-03-02T10:00Z'::timestamptz), ('2026-03-10T10:00Z'), ('2026-03-10T20:00Z'), ('2026-03-20Z')
) AS e (at);
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('carol', 900, '2026-02-01Z');
SELECT is(pg_temp.owners('acme', '2026-03-01'), '900=4', 'one user, one owner');
SELECT pg_temp.fact('carol', 300, '2026-03-10T15:00Z');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'carol'), '900:0-8 300:9-30',
    'the day of the handover is the new owner''s');
SELECT is(pg_temp.owners('acme', '2026-03-01'), '300=3 900=1', 'two owners, each with its own requests');
SELECT is(pg_temp.unique_handles('acme', '2026-03-01'), 2::bigint, 'which count as two');
SELECT is(pg_temp.spans('acme', '2026-02-01', 'carol'), NULL, 'a month without that handle asks for nothing');
SELECT is(
    (SELECT array_agg((first_seen AT TIME ZONE 'UTC', last_seen AT TIME ZONE 'UTC', days)::text ORDER BY owner)
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-03-01', 'answered')),
    ARRAY[
        format('("2026-03-10 10:00:00","2026-03-20 00:00:00",%s)', (1 << 9) + (1 << 19)),
        '("2026-03-02 10:00:00","2026-03-02 10:00:00",2)'],
    'each with its own evidence and days');
SELECT is(
    (SELECT string_agg(c.owner || ':' || c.first_id, ' ' ORDER BY c.owner)
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-03-01', 'answered') AS c),
    (SELECT string_agg(e.owner || ':' || e.event_id, ' ' ORDER BY e.owner)
    FROM (VALUES ('300', '2026-03-10T10:00Z'::timestamptz), ('900', '2026-03-02T10:00Z')) AS w (owner, at)
    JOIN LATERAL (SELECT w.owner, v.event_id FROM headroom.event AS v WHERE v.occurred_at = w.at) AS e ON true),
    'the first counted event of each');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@carol', '2026-03-09T23:59:59.999999Z'), '900',
    'before the day');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@carol', '2026-03-10T00:00Z'), '300',
    'from its first instant');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@carol', '2020-03-10T00:00Z'), '900',
    'long before: the earliest');

-- ---- at or before the day's end means before that interval ends ----

SELECT pg_temp.event('acme', '2026-04-10T12:00Z', '@dan');
SELECT pg_temp.event('acme', '2026-04-11T12:00Z', '@dan');
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('dan', 401, '2026-01-01Z');
SELECT pg_temp.fact('dan', 402, '2026-04-11T00:00Z');
SELECT is(pg_temp.spans('acme', '2026-04-01', 'dan'), '401:0-9 402:10-29', 'a fact at midnight is of the new day');
UPDATE headroom.identity_fact SET first_together = '2026-04-10T23:59:59.999999Z' WHERE user_id = 402;
SELECT is(pg_temp.spans('acme', '2026-04-01', 'dan'), '401:0-8 402:9-29',
    'a microsecond earlier it is of the day before');
UPDATE headroom.identity_fact SET first_together = '2026-05-01Z' WHERE user_id = 402;
SELECT is(pg_temp.spans('acme', '2026-04-01', 'dan'), '401:0-29', 'after the period it changes nothing in it');
SELECT is(pg_temp.unique_handles('acme', '2026-04-01'), 1::bigint, 'so one owner');
UPDATE headroom.identity_fact SET first_together = '2025-12-01Z' WHERE user_id = 402;
SELECT is(pg_temp.spans('acme', '2026-04-01', 'dan'), '401:0-29', 'the latest before the period has it whole');

-- ---- ties and several owners a month ----

SELECT pg_temp.event('acme', '2026-05-01Z'::timestamptz + n * INTERVAL '1 day', '@eve')
FROM generate_series(0, 30) AS n;
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('eve', 502, '2026-05-10T10:00Z');
SELECT pg_temp.fact('eve', 501, '2026-05-10T10:00Z');
SELECT is(pg_temp.spans('acme', '2026-05-01', 'eve'), '501:0-30', 'of two with the same time the lower id, both ways');
SELECT pg_temp.fact('eve', 503, '2026-05-20T08:00Z');
SELECT pg_temp.fact('eve', 504, '2026-05-20T09:00Z');
SELECT pg_temp.fact('eve', 505, '2026-05-20T09:00Z');
SELECT is(pg_temp.spans('acme', '2026-05-01', 'eve'), '501:0-18 504:19-30',
    'of several on a day the latest, then the lower id');
SELECT pg_temp.fact('eve', 506, '2026-05-31T23:59:59Z');
SELECT is(pg_temp.spans('acme', '2026-05-01', 'eve'), '501:0-18 504:19-29 506:30-30', 'up to the last day');
SELECT is(pg_temp.owners('acme', '2026-05-01'), '501=19 504=11 506=1', 'and the requests of each add up');
SELECT is(
    (SELECT array_agg(r.unique_handles = s.unique_handles ORDER BY r.rule) FROM headroom.spread(
        pg_temp.contract_id('acme'), '2026-05-01') AS s JOIN headroom.recount(
        pg_temp.contract_id('acme'), '2026-05-01') AS r USING (rule)),
    ARRAY[true, true, true, true, true, true], 'the recount agrees');

-- ---- the minimum over batches; what a batch taught goes with it ----

SELECT pg_temp.fact('eve', 506, '2026-04-01Z', 7);
SELECT is(pg_temp.spans('acme', '2026-05-01', 'eve'), '506:0-8 501:9-18 504:19-30',
    'an earlier sighting in a later batch acts');
DELETE FROM headroom.identity_fact WHERE batch_id = 7;
SELECT is(pg_temp.spans('acme', '2026-05-01', 'eve'), '501:0-18 504:19-29 506:30-30', 'and is gone with its batch');

-- ---- an owner by several ways ----

SELECT pg_temp.event('acme', '2026-06-02Z', '@fay', batch_id => 3);
SELECT pg_temp.event('acme', '2026-06-01Z', '601', batch_id => 3, label => 'work');
SELECT pg_temp.event('acme', '2026-06-03Z', '@faye', 'attempted', batch_id => 3);
SELECT pg_temp.event('acme', '2026-06-04Z', '@fay', 'not_attempted', batch_id => 3);
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('fay', 601, '2026-06-02Z');
SELECT pg_temp.fact('faye', 601, '2026-07-02Z');
SELECT is(
    (SELECT (owner, subject, user_id, handle, requests, counted_requests, days, label)::text
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-06-01', 'answered')),
    '(601,601,601,faye,4,2,3,work)', 'by its id and two handles: one owner, all its requests');
SELECT is(pg_temp.unique_handles('acme', '2026-06-01'), 1::bigint, 'and one in the count');

-- First events of one time, source and id: whichever batch came first, the evidence is the same.
SELECT pg_temp.fact('zed', 901, '2026-11-01Z');
SELECT pg_temp.event('acme', '2026-11-02Z', '@zed', event_id => 'one', batch_id => 4, label => 'a');
SELECT pg_temp.event('acme', '2026-11-02Z', '901', event_id => 'one', batch_id => 5, label => 'b');
SELECT pg_temp.event(
    'acme', '2026-12-02Z', '901', 'answered', via_app => true, event_id => 'one', batch_id => 4, label => 'a');
SELECT pg_temp.event('acme', '2026-12-02Z', '901', 'answered', event_id => 'one', batch_id => 5, label => 'b');
SELECT pg_temp.roll_up();
SELECT is(
    (SELECT (subject, label, first_batch)::text
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-11-01', 'answered')),
    '(901,b,5)', 'of equal events that of the lower subject is the first, not that of the earlier batch');
SELECT is(
    (SELECT (subject, label, first_batch)::text
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-12-01', 'answered+app')),
    '(901,b,5)', 'then the user''s own before that of the app alone');

-- ---- requests that were not attempted leave no day: they are told apart by the events ----

SELECT pg_temp.event('acme', '2026-07-02Z', '@gus');
SELECT pg_temp.event('acme', '2026-07-03Z', '@gus', 'not_attempted');
SELECT pg_temp.event('acme', '2026-07-20Z', '@gus', 'not_attempted');
SELECT pg_temp.event('acme', '2026-07-21Z', '702');
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('gus', 701, '2026-01-01Z');
SELECT pg_temp.fact('gus', 702, '2026-07-20Z');
SELECT is(pg_temp.owners('acme', '2026-07-01'), '701=2 702=2', 'requests of each owner, attempted or not');
SELECT is(pg_temp.unique_handles('acme', '2026-07-01'), 2::bigint, 'two owners');
DELETE FROM headroom.event WHERE subject = '702';
SELECT pg_temp.roll_up();
SELECT is(pg_temp.owners('acme', '2026-07-01'), '701=2', 'an owner without a counted request is not listed');
SELECT is(pg_temp.unique_handles('acme', '2026-07-01'), 1::bigint, 'nor counted');

-- ---- a handle both by its user and by the app, in the month of its handover ----

SELECT pg_temp.event('acme', '2026-08-02Z', '@hal');
SELECT pg_temp.event('acme', '2026-08-20Z', '@hal', via_app => true);
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('hal', 801, '2026-01-01Z');
SELECT pg_temp.fact('hal', 802, '2026-08-10Z');
SELECT is(pg_temp.owners('acme', '2026-08-01', 'answered'), '801=1', 'what the app did for the new owner');
SELECT is(pg_temp.owners('acme', '2026-08-01', 'answered+app'), '801=1 802=1', 'counts under +app alone');

-- ---- the contract's zone decides the day ----

SELECT pg_temp.contract('west', time_zone => 'America/Los_Angeles');
SELECT pg_temp.event('west', '2026-03-15T05:00Z', '@ida');
SELECT pg_temp.event('west', '2026-03-16T05:00Z', '@ida');
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('ida', 901, '2026-01-01Z');
SELECT pg_temp.fact('ida', 902, '2026-03-16T06:00Z');
SELECT is(pg_temp.spans('west', '2026-03-01', 'ida'), '901:0-13 902:14-30', 'a day of Los Angeles');
SELECT is(pg_temp.owners('west', '2026-03-01'), '901=1 902=1', 'its owners');

-- ---- the order of loading never matters ----

SELECT pg_temp.event('acme', '2026-09-01Z'::timestamptz + n * INTERVAL '7 hours', '@' || chr(106 + n % 4))
FROM generate_series(0, 99) AS n;
SELECT pg_temp.roll_up();
CREATE TEMP TABLE learned (ordinal integer, handle text, user_id bigint, at timestamptz);
SELECT setseed(0.25);
INSERT INTO learned
SELECT n, chr(106 + n % 4), 1000 + (random() * 5)::integer, '2026-08-25Z'::timestamptz + random() * INTERVAL '30 days'
FROM generate_series(1, 40) AS n;
INSERT INTO headroom.identity_fact
SELECT '@' || handle, user_id, min(ordinal), at FROM learned GROUP BY handle, user_id, at;
CREATE TEMP TABLE forwards AS
SELECT * FROM headroom.owned_usage(pg_temp.contract_id('acme'), '2026-09-01');
SELECT cmp_ok((SELECT count(*) FROM forwards WHERE split), '>', 4::bigint, 'handles change hands within the month');
DELETE FROM headroom.identity_fact AS f USING learned AS l WHERE f.subject = '@' || l.handle;
INSERT INTO headroom.identity_fact
SELECT '@' || handle, user_id, 100 - min(ordinal), at FROM learned GROUP BY handle, user_id, at ORDER BY random();
SELECT set_eq(
    $$ SELECT * FROM headroom.owned_usage(pg_temp.contract_id('acme'), '2026-09-01') $$, 'SELECT * FROM forwards',
    'facts in another order, from other batches, say the same');

SELECT * FROM finish();
ROLLBACK;
