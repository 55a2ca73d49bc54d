-- SPDX-License-Identifier: MIT
-- Which requests count under which rule, and what a count, a list and the daily curve say of them.
BEGIN;
SELECT plan(41);

\ir lib/ledger.psql

-- The six counts in the order of the rules: "attempted, +app, answered, +app, delivered, +app".
CREATE FUNCTION pg_temp.spread(contract text, month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(s.unique_handles::text, ' ' ORDER BY r.place)
    FROM headroom.spread(pg_temp.contract_id(contract), month) AS s
    JOIN headroom.counting_rule AS r USING (rule)
$$;

-- ---- classes ----

SELECT pg_temp.contract('acme', counting => 'answered');
SELECT is(pg_temp.spread('acme', '2026-01-01'), '0 0 0 0 0 0', 'a month without events counts nothing');
SELECT pg_temp.event('acme', '2026-01-01Z', '1', 'not_attempted');
SELECT pg_temp.event('acme', '2026-01-01Z', '2', 'attempted');
SELECT pg_temp.event('acme', '2026-01-01Z', '3', 'answered');
SELECT pg_temp.event('acme', '2026-01-01Z', '4', 'delivered');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-01-01'), '3 3 2 2 1 1', 'what was answered was attempted, and so on');
SELECT is(pg_temp.owners('acme', '2026-01-01', 'attempted'), '2=1 3=1 4=1', 'attempted: all but 401 and 429');
SELECT is(pg_temp.owners('acme', '2026-01-01', 'answered'), '3=1 4=1', 'answered');
SELECT is(pg_temp.owners('acme', '2026-01-01', 'delivered'), '4=1', 'delivered');
SELECT throws_ok(
    $$ SELECT * FROM headroom.counted(pg_temp.contract_id('acme'), '2026-01-01', 'seen') $$, 'P0002', NULL,
    'no list under a rule that is none');

SELECT pg_temp.event('acme', '2026-01-02Z'::timestamptz + n * INTERVAL '1 hour', '4') FROM generate_series(1, 9) AS n;
SELECT pg_temp.event('acme', '2026-01-03Z', '4', 'not_attempted');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-01-01'), '3 3 2 2 1 1', 'an owner counts once, however often');
SELECT is(
    (SELECT (requests, counted_requests)::text
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-01-01', 'answered') WHERE owner = '4'),
    '(11,10)', 'requests are all of the owner, counted ones those of the rule');

-- ---- requests of the app ----

SELECT pg_temp.event('acme', '2026-02-01Z', '~app', via_app => true);
SELECT pg_temp.event('acme', '2026-02-01Z', '~app', 'attempted', true);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-02-01'), '0 0 0 0 0 0', 'nobody authenticated: never counted');
SELECT is(
    (SELECT array_agg(DISTINCT (requests, counted_requests)::text)
    FROM headroom.rule_counts(pg_temp.contract_id('acme'), '2026-02-01')),
    ARRAY['(2,0)'], 'but in the requests');
SELECT pg_temp.event('acme', '2026-02-01Z', '5', via_app => true);
SELECT pg_temp.event('acme', '2026-02-02Z', '6', 'attempted', true);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-02-01'), '0 2 0 1 0 1', 'an owner that the log names counts under +app');
SELECT pg_temp.event('acme', '2026-02-03Z', '6', 'answered');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-02-01'), '1 2 1 2 0 1', 'and once with its own requests');
SELECT is(pg_temp.owners('acme', '2026-02-01', 'answered'), '6=2',
    'without +app its app''s requests are not its counted ones');
SELECT is(
    (SELECT (requests, counted_requests, days)::text
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-02-01', 'attempted+app') WHERE owner = '6'),
    '(2,2,6)', 'with it they are');
SELECT is(
    (SELECT string_agg(rule || ':' || counted_requests, ' ' ORDER BY rule)
    FROM headroom.rule_counts(pg_temp.contract_id('acme'), '2026-02-01')),
    'answered:1 answered+app:2 attempted:1 attempted+app:3 delivered:0 delivered+app:1',
    'requests that count, under each rule');

SELECT pg_temp.event('acme', '2026-02-04Z', '@kim', via_app => true);
SELECT pg_temp.event('acme', '2026-02-05Z', '@kim');
SELECT pg_temp.event('acme', '2026-02-05Z', '7');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-02-01'), '3 4 3 4 2 3', 'a handle by both ways is one');
SELECT pg_temp.fact('kim', 7, '2026-02-01Z');
SELECT is(pg_temp.spread('acme', '2026-02-01'), '2 3 2 3 1 2', 'and one with its user');
SELECT pg_temp.fact('kim', 8, '2026-02-05Z');
SELECT is(pg_temp.spread('acme', '2026-02-01'), '3 4 3 4 2 3', 'and two when it passes on');
SELECT is(
    (SELECT array_agg((s.rule, s.unique_handles)::text ORDER BY s.rule)
    FROM headroom.spread(pg_temp.contract_id('acme'), '2026-02-01') AS s),
    (SELECT array_agg((r.rule, r.unique_handles)::text ORDER BY r.rule)
    FROM headroom.recount(pg_temp.contract_id('acme'), '2026-02-01') AS r), 'the recount agrees');

-- ---- tokens that name nobody ----

SELECT pg_temp.event('acme', '2026-03-01Z', '~aa11');
SELECT pg_temp.event('acme', '2026-03-02Z', '~aa11', via_app => true);
SELECT pg_temp.event('acme', '2026-03-03Z', '~bb22', 'attempted');
SELECT pg_temp.event('acme', '2026-03-04Z', '9');
SELECT pg_temp.event('acme', '2026-03-05Z', '~app', via_app => true);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.spread('acme', '2026-03-01'), '3 3 2 2 2 2', 'a provisional owner counts');
SELECT is(
    (SELECT string_agg(provisional::text, ' ' ORDER BY rule)
    FROM headroom.rule_counts(pg_temp.contract_id('acme'), '2026-03-01')),
    '1 1 2 2 1 1', 'and is shown');
SELECT is(
    (SELECT array_agg((owner, user_id, handle, provisional)::text ORDER BY owner COLLATE "C")
    FROM headroom.counted(pg_temp.contract_id('acme'), '2026-03-01', 'answered')),
    ARRAY['(9,9,,f)', '(~aa11,,,t)'], 'without a user id or a handle');

-- ---- contracts and months apart ----

SELECT pg_temp.contract('other', billing_day => 15);
SELECT pg_temp.event('other', '2026-03-14T23:59:59Z', '1');
SELECT pg_temp.event('other', '2026-03-15Z', '2');
SELECT pg_temp.event('other', '2019-12-31T23:59:59Z', '3');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.owners('other', '2026-02-01'), '1=1', 'the billing month of a contract is its own');
SELECT is(pg_temp.owners('other', '2026-03-01'), '2=1', 'half-open');
SELECT is(pg_temp.spread('acme', '2026-03-01'), '3 3 2 2 2 2', 'and so are its events');
SELECT is(
    (SELECT sum(unique_handles) FROM headroom.recount(pg_temp.contract_id('other'), '2019-12-01')), 0::numeric,
    'before the first term nothing counts');

-- ---- the daily curve ----

SELECT pg_temp.event('other', '2026-05-15Z'::timestamptz + n * INTERVAL '1 day', ((n % 3) + 1)::text)
FROM generate_series(0, 5) AS n;
SELECT pg_temp.event('other', '2026-06-14T23:00Z', '4', 'attempted');
SELECT pg_temp.event('other', '2026-06-14T23:00Z', '~app', via_app => true);
SELECT pg_temp.roll_up();
SELECT is(
    (SELECT (count(*), min(day), max(day), min("bit"), max("bit"))::text
    FROM headroom.month_days(pg_temp.contract_id('other'), '2026-05-01', 'answered')),
    '(31,2026-05-15,2026-06-14,0,30)', 'one row a day of the period');
SELECT is(
    (SELECT string_agg(format('%s/%s/%s/%s', new_handles, cumulative, seen, requests), ' ' ORDER BY "bit")
    FROM headroom.month_days(pg_temp.contract_id('other'), '2026-05-01', 'answered')
    WHERE "bit" IN (0, 1, 2, 3, 6, 30)),
    '1/1/1/1 1/2/1/1 1/3/1/1 0/3/1/1 0/3/0/0 0/3/0/2', 'new, cumulative, seen, requests; zeros where nothing was');
SELECT is(
    (SELECT (new_handles, cumulative, seen)::text
    FROM headroom.month_days(pg_temp.contract_id('other'), '2026-05-01', 'attempted') WHERE "bit" = 30),
    '(1,4,1)', 'under another rule');
SELECT is(
    (SELECT array_agg(starts_at) FROM headroom.month_days(pg_temp.contract_id('other'), '2026-05-01', 'answered')),
    (SELECT array_agg(starts_at) FROM headroom.calendar(
        pg_temp.contract_id('other'), '2026-05-15Z', '2026-06-14T23:59Z')), 'the days of the calendar');

-- ---- the checks of a month ----

SELECT is_empty(
    $$ SELECT * FROM headroom.month_checks(pg_temp.contract_id('acme'), '2026-02-01') WHERE state <> 'pass' $$,
    'the figures of a month agree');
SELECT is(
    (SELECT count(*) FROM headroom.month_checks(pg_temp.contract_id('acme'), '2026-02-01')), 7::bigint, 'in seven ways');
SELECT is(
    (SELECT string_agg(reason || ':' || requests, ' ' ORDER BY reason COLLATE "C")
    FROM headroom.month_not_counted(pg_temp.contract_id('acme'), '2026-01-01')),
    'not_answered:1 not_attempted:2', 'why requests are not counted');
SELECT is(
    (SELECT string_agg(reason || ':' || requests, ' ' ORDER BY reason COLLATE "C")
    FROM headroom.month_not_counted(pg_temp.contract_id('acme'), '2026-02-01')),
    'app_only:5', 'those of the app among them');
SELECT is_empty(
    $$ SELECT * FROM headroom.month_not_counted(pg_temp.contract_id('acme'), '2019-12-01') $$,
    'none where no terms cover the month');
SELECT is_empty(
    $$ SELECT * FROM headroom.month_checks(pg_temp.contract_id('acme'), '2026-12-01') WHERE state <> 'pass' $$,
    'and of one without events');
SELECT ok(
    (SELECT s.expected = s.found AND s.found > 0 FROM headroom.usage_sum(pg_temp.contract_id('acme'), '2026-02-01') AS s),
    'the usage adds up to its totals');
UPDATE headroom.usage_total SET answered_subjects = answered_subjects - 1
WHERE month = '2026-02-01' AND subject_kind = 'user' AND NOT via_app;
SELECT is(
    (SELECT string_agg(s.rule, ' ' ORDER BY s.rule)
    FROM headroom.spread(pg_temp.contract_id('acme'), '2026-02-01') AS s
    JOIN headroom.recount(pg_temp.contract_id('acme'), '2026-02-01') AS r USING (rule)
    WHERE s.unique_handles <> r.unique_handles),
    'answered answered+app', 'the recount finds a total that was changed');
DO $$ BEGIN PERFORM headroom.rebuild_usage_totals(pg_temp.contract_id('acme'), '2026-02-01'); END $$;
UPDATE headroom.usage SET answered_days = 0, delivered_days = 0 WHERE subject = '7' AND month = '2026-02-01';
SELECT is(
    (SELECT s.expected - s.found FROM headroom.usage_sum(pg_temp.contract_id('acme'), '2026-02-01') AS s),
    2::bigint, 'and does not once a row of it was changed');
SELECT pg_temp.roll_up();
DELETE FROM headroom.daily WHERE month = '2026-02-01' AND day = 3;
SELECT is(
    (SELECT string_agg(name, ', ') FROM headroom.month_checks(pg_temp.contract_id('acme'), '2026-02-01')
    WHERE state = 'fail'),
    'requests by day, counted and not counted, requests of its batches by source',
    'the checks find a day that is gone');
UPDATE headroom.batch SET added = added - 1, read = read - 1;
SELECT is(
    (SELECT state FROM headroom.month_checks(pg_temp.contract_id('acme'), '2026-03-01')
    WHERE name = 'events added by its batches'),
    'fail', 'and a batch whose totals were changed');

SELECT * FROM finish();
ROLLBACK;
