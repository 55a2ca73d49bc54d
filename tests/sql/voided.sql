-- SPDX-License-Identifier: MIT
-- Batches that are taken back: the month's usage made again without them, what then counts and what does not.
BEGIN;
SELECT plan(27);

\ir lib/ledger.psql

CREATE FUNCTION pg_temp.correct(of_batch bigint, of_action headroom.batch_action)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by)
    VALUES (of_batch, of_action, 'a test', '2026-03-01Z', 'tester')
$$;

CREATE FUNCTION pg_temp.rebuild()
RETURNS void
LANGUAGE sql
AS $$
    SELECT headroom.rebuild_usage(c.contract_id, m.month)
    FROM headroom.contract AS c
    CROSS JOIN (SELECT DISTINCT month FROM pg_temp.dated) AS m (month)
$$;

-- ---- the usage of a month, made again, is what loading leaves ----

SELECT pg_temp.contract('acme');
SELECT pg_temp.contract('late', time_zone => 'America/New_York', billing_day => 15);
SELECT setseed(0.25);
DO $$
DECLARE
    subject text;
BEGIN
    FOR i IN 1..600 LOOP
        subject := (ARRAY['1', '2', '@amy', '@bob', '~app', '~f00'])[1 + floor(random() * 6)];
        PERFORM pg_temp.event(
            (ARRAY['acme', 'late'])[1 + i % 2],
            TIMESTAMPTZ '2026-01-10Z' + floor(random() * 40) * INTERVAL '60 hours',
            subject,
            (ENUM_RANGE(NULL::headroom.class))[1 + floor(random() * 4)],
            subject = '~app' OR random() < 0.3,
            'e' || floor(random() * 5) || '-' || i,
            (ARRAY['s', 'S', 't'])[1 + floor(random() * 3)],
            1 + floor(random() * 4)::bigint,
            CASE WHEN random() < 0.5 THEN 'l' || i END);
    END LOOP;
END
$$;
SELECT pg_temp.roll_up();
CREATE TEMP TABLE loaded AS TABLE headroom.usage;
DELETE FROM headroom.usage;
SELECT pg_temp.rebuild();
SELECT cmp_ok((SELECT count(*) FROM headroom.usage), '>', 40::bigint, 'there is usage to be held against');
SELECT is_empty('TABLE loaded EXCEPT TABLE headroom.usage', 'nothing is missing');
SELECT is_empty('TABLE headroom.usage EXCEPT TABLE loaded', 'and nothing else is there');
SELECT pg_temp.rebuild();
SELECT is_empty('TABLE headroom.usage EXCEPT TABLE loaded', 'a second time changes nothing');

UPDATE headroom.usage SET requests = requests + 1, first_attempted = NULL, attempted_days = 0;
SELECT headroom.rebuild_usage(pg_temp.contract_id('acme'), '2026-02-01');
SELECT is_empty(
    $$ SELECT * FROM loaded WHERE contract_id = pg_temp.contract_id('acme') AND month = '2026-02-01'
    EXCEPT TABLE headroom.usage $$,
    'what was there does not matter');
SELECT is(
    (SELECT count(*) FROM headroom.usage AS u JOIN loaded AS l USING (contract_id, month, subject, via_app)
    WHERE u.requests = l.requests + 1),
    (SELECT count(*) FROM loaded WHERE contract_id <> pg_temp.contract_id('acme') OR month <> '2026-02-01'),
    'other months and contracts are left alone');
SELECT pg_temp.rebuild();

-- ---- a voided batch ----

CREATE TEMP TABLE before AS
SELECT c.name, m.month, s.rule, s.unique_handles, s.requests
FROM headroom.contract AS c
CROSS JOIN (SELECT DISTINCT month FROM loaded) AS m
CROSS JOIN LATERAL headroom.rule_counts(c.contract_id, m.month) AS s;

SELECT pg_temp.correct(2, 'void');
SELECT pg_temp.rebuild();
SELECT is(
    (SELECT count(*) FROM headroom.usage AS u
    WHERE 2 IN ((u.first_attempted).batch_id, (u.first_answered).batch_id, (u.first_delivered).batch_id)),
    0::bigint, 'no first event is of a voided batch');
CREATE TEMP TABLE voided_usage AS TABLE headroom.usage;
SELECT is(
    (SELECT sum(requests) FROM headroom.usage),
    (SELECT sum(requests) FROM headroom.daily WHERE batch_id <> 2 AND month IS NOT NULL),
    'the usage holds what the other batches brought');
SELECT results_eq(
    $$ SELECT DISTINCT c.name, m.month, s.requests
    FROM headroom.contract AS c
    CROSS JOIN (SELECT DISTINCT month FROM loaded) AS m
    CROSS JOIN LATERAL headroom.rule_counts(c.contract_id, m.month) AS s
    ORDER BY 1, 2 $$,
    'SELECT DISTINCT name, month, requests FROM before ORDER BY 1, 2',
    'the requests of a month stay all that were made');
SELECT is(
    (SELECT n.requests FROM headroom.month_not_counted(pg_temp.contract_id('acme'), '2026-02-01') AS n
    WHERE n.reason = 'voided'),
    (SELECT sum(requests) FROM headroom.daily
    WHERE batch_id = 2 AND month = '2026-02-01' AND contract_id = pg_temp.contract_id('acme'))::bigint,
    'all of its requests are not counted, for that reason');
SELECT is(
    (SELECT s.requests FROM headroom.month_status(pg_temp.contract_id('acme'), '2026-02-01', '2026-03-02Z') AS s),
    (SELECT s.counted_requests + (SELECT sum(n.requests)
        FROM headroom.month_not_counted(pg_temp.contract_id('acme'), '2026-02-01') AS n)
    FROM headroom.month_status(pg_temp.contract_id('acme'), '2026-02-01', '2026-03-02Z') AS s)::bigint,
    'counted and not counted are all requests');
SELECT is_empty(
    $$ SELECT c.name, m.month, k.name
    FROM headroom.contract AS c
    CROSS JOIN (SELECT DISTINCT month FROM loaded) AS m
    CROSS JOIN LATERAL headroom.month_checks(c.contract_id, m.month) AS k
    WHERE k.state <> 'pass' $$,
    'every check of every month holds');
SELECT is(
    (SELECT sum(d.requests) FROM headroom.month_days(pg_temp.contract_id('acme'), '2026-02-01', 'answered') AS d),
    (SELECT DISTINCT b.requests FROM before AS b WHERE b.name = 'acme' AND b.month = '2026-02-01')::numeric,
    'a day has all its requests');

-- ---- restored, and all of them voided ----

SELECT pg_temp.correct(2, 'restore');
SELECT pg_temp.rebuild();
SELECT is_empty('TABLE headroom.usage EXCEPT TABLE loaded', 'restored, it is as it was');
SELECT is_empty('TABLE loaded EXCEPT TABLE headroom.usage', 'with nothing missing');
SELECT is(headroom.voided_batches(), '{}'::bigint[], 'and no batch is voided');

SELECT pg_temp.correct(b, 'void') FROM generate_series(1, 4) AS b;
SELECT pg_temp.rebuild();
SELECT is((SELECT count(*) FROM headroom.usage), 0::bigint, 'with all batches voided nothing is used');
SELECT is(
    (SELECT count(*) FROM headroom.month_not_counted(pg_temp.contract_id('acme'), '2026-02-01')), 1::bigint,
    'all that was requested is voided');
SELECT is_empty(
    $$ SELECT k.name FROM headroom.month_checks(pg_temp.contract_id('acme'), '2026-02-01') AS k
    WHERE k.state <> 'pass' $$,
    'and the checks hold');
SELECT pg_temp.correct(b, 'restore') FROM generate_series(1, 4) AS b;

-- ---- who may ----

SET LOCAL ROLE headroom_writer;
SELECT lives_ok(
    $$ SELECT headroom.rebuild_usage(1, '2026-02-01') $$, 'the writer, who may not delete usage, may have it made again');
SELECT throws_ok('DELETE FROM headroom.usage', '42501', NULL, 'and may not delete any by hand');
SET LOCAL ROLE headroom_reader;
SELECT throws_ok($$ SELECT headroom.rebuild_usage(1, '2026-02-01') $$, '42501', NULL, 'the reader may not');
RESET ROLE;

-- ---- what the chain holds of a change ----

CREATE FUNCTION pg_temp.shows(change text)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    of_change CONSTANT bigint NOT NULL := (SELECT min(change_id) FROM headroom.batch_change);
    before CONSTANT bytea NOT NULL := headroom.change_content(of_change);
    shows boolean;
BEGIN
    EXECUTE format('UPDATE headroom.batch_change SET %s WHERE change_id = %s', change, of_change);
    shows := headroom.change_content(of_change) IS DISTINCT FROM before;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'HR999';
EXCEPTION WHEN SQLSTATE 'HR999' THEN
    RETURN shows;
END
$$;
SELECT is(
    (SELECT headroom.change_content(c.change_id) FROM headroom.batch_change AS c ORDER BY c.change_id LIMIT 1),
    (SELECT sha256(convert_to(
        '["headroom-change-1", ' || c.change_id || ', 2, "void", "a test", 1772323200000000, "tester"]', 'UTF8'))
    FROM headroom.batch_change AS c ORDER BY c.change_id LIMIT 1),
    'the digest of its values as JSON text');
SELECT is_empty(
    $$ SELECT c FROM unnest(ARRAY[
        'batch_id = 3', 'action = ''restore''', 'reason = ''another''', 'changed_by = ''x''',
        'changed_at = changed_at + INTERVAL ''1 microsecond''']) AS c
    WHERE NOT pg_temp.shows(c) $$,
    'each of them shows');
SELECT throws_ok('SELECT headroom.change_content(99999)', 'P0002', NULL, 'no change, no content');
SELECT is(
    (SELECT count(*) FROM headroom.rule_counts(pg_temp.contract_id('acme'), '2019-01-01') WHERE requests <> 0), 0::bigint,
    'a month without a period has no requests');
SELECT is(
    ARRAY(
        SELECT headroom.batch_state(a.action)
        FROM unnest(ARRAY['void', 'withdraw', 'restore', NULL]::headroom.batch_action[]) AS a (action)),
    ARRAY['voided', 'withdrawn', 'in force', 'in force'],
    'the words for what became of a batch');

SELECT * FROM finish();
ROLLBACK;
