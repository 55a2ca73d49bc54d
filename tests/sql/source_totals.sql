-- SPDX-License-Identifier: MIT
-- What is kept of sources, against the batches that it adds up: after random loads, voids and restores, in any order;
-- and that a look at a month reads no more of it after many batches than after few. HEADROOM_TEST_SEED repeats a run;
-- with HEADROOM_TEST_FULL there are ten times as many steps.
BEGIN;
SELECT plan(13);

\ir lib/ledger.psql

\set seed 1
\getenv seed HEADROOM_TEST_SEED
\set full ''
\getenv full HEADROOM_TEST_FULL
SELECT diag('seed ' || :'seed');
SELECT setseed((:'seed'::numeric % 1000003) / 1000003);

SELECT pg_temp.contract('acme');
SELECT pg_temp.contract('york', time_zone => 'America/New_York', billing_day => 15);

-- The rows that a loader writes of a batch in which sources of both contracts spoke at these times; none of its events
-- is added where they are repeats.
CREATE FUNCTION pg_temp.load(of_batch bigint, times timestamptz[], repeats boolean)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    contracts CONSTANT bigint[] := ARRAY(SELECT c.contract_id FROM headroom.contract AS c ORDER BY c.contract_id);
    of_contracts bigint[];
    of_sources text[];
BEGIN
    SELECT
        array_agg(contracts[1 + (random() < 0.3)::integer] ORDER BY place),
        array_agg('source ' || floor(random() * 3) ORDER BY place)
    INTO of_contracts, of_sources
    FROM generate_subscripts(times, 1) AS place;
    INSERT INTO headroom.batch (
        batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
        events_digest, facts_digest, loaded_at, loaded_by, program)
    VALUES (of_batch, 'events', 'test', 'csv', 1, 1, 0, 0, 0, 0, 0, 0, '', '', '2026-01-01Z', 'test', 'test');
    INSERT INTO headroom.batch_source (batch_id, contract_id, source, events, first_event, last_event)
    SELECT of_batch, l.contract_id, l.source, CASE WHEN repeats THEN 0 ELSE count(*) END, min(l.at), max(l.at)
    FROM unnest(of_contracts, of_sources, times) AS l (contract_id, source, at)
    GROUP BY l.contract_id, l.source;
    INSERT INTO headroom.source_hours (batch_id, contract_id, source, day, hours)
    SELECT
        of_batch, l.contract_id, l.source, (l.at AT TIME ZONE 'UTC')::date,
        bit_or(1 << EXTRACT(HOUR FROM l.at AT TIME ZONE 'UTC')::integer)
    FROM unnest(of_contracts, of_sources, times) AS l (contract_id, source, at)
    GROUP BY l.contract_id, l.source, (l.at AT TIME ZONE 'UTC')::date;
    PERFORM headroom.add_batch_sources(of_batch);
END
$$;

-- Some times of January to May: mostly a stretch of hours, so that sources have a rhythm and gaps.
CREATE FUNCTION pg_temp.times()
RETURNS timestamptz[]
LANGUAGE plpgsql
AS $$
DECLARE
    from_at CONSTANT timestamptz := '2026-01-01Z'::timestamptz + floor(random() * 150 * 24) * INTERVAL '1 hour';
    hours CONSTANT double precision := CASE WHEN random() < 0.2 THEN 1500 ELSE 40 END;
BEGIN
    RETURN ARRAY(
        SELECT from_at + random() * hours * INTERVAL '1 hour' + 0 * n * INTERVAL '1 hour'
        FROM generate_series(0, floor(random() * 20)::integer) AS n);
END
$$;

-- How many rows differ in something, all of it said by the batches themselves.
CREATE FUNCTION pg_temp.differing()
RETURNS TABLE (what text, differing bigint)
LANGUAGE plpgsql
AS $$
DECLARE
    voided CONSTANT bigint[] := headroom.voided_batches();
BEGIN
    RETURN QUERY
    WITH brought AS (
        SELECT b.contract_id, b.source, sum(b.events)::bigint, min(b.first_event) AS first_event,
            max(b.last_event) AS last_event
        FROM headroom.batch_source AS b
        WHERE b.batch_id <> ALL (voided)
        GROUP BY b.contract_id, b.source
    ),
    spoken AS (
        SELECT h.contract_id, h.source, h.day, bit_or(h.hours)
        FROM headroom.source_hours AS h
        WHERE h.batch_id <> ALL (voided)
        GROUP BY h.contract_id, h.source, h.day
    ),
    judged AS (
        SELECT c.contract_id, m.month, m.now_at
        FROM headroom.contract AS c
        CROSS JOIN (VALUES
            (DATE '2026-02-01', TIMESTAMPTZ '2026-08-01Z'), ('2026-04-01', '2026-04-20 12:00Z')) AS m (month, now_at)
    )
    SELECT 'totals', count(*)
    FROM (
        (TABLE brought EXCEPT SELECT t.contract_id, t.source, t.events, t.first_event, t.last_event
            FROM headroom.source_total AS t)
        UNION ALL
        (SELECT t.contract_id, t.source, t.events, t.first_event, t.last_event FROM headroom.source_total AS t
            EXCEPT TABLE brought)
    ) AS d
    UNION ALL
    SELECT 'days', count(*)
    FROM (
        (TABLE spoken EXCEPT SELECT t.contract_id, t.source, t.day, t.hours FROM headroom.source_day AS t)
        UNION ALL
        (SELECT t.contract_id, t.source, t.day, t.hours FROM headroom.source_day AS t EXCEPT TABLE spoken)
    ) AS d
    UNION ALL
    SELECT 'months', count(*)
    FROM judged AS j
    WHERE EXISTS (
        (SELECT s::text FROM headroom.month_sources(j.contract_id, j.month, j.now_at) AS s)
        EXCEPT
        (SELECT s::text FROM headroom.month_sources(j.contract_id, j.month, j.now_at, left_out => voided) AS s))
        OR (SELECT count(*) FROM headroom.month_sources(j.contract_id, j.month, j.now_at)) <> (
            SELECT count(*) FROM headroom.month_sources(j.contract_id, j.month, j.now_at, left_out => voided))
    UNION ALL
    SELECT 'data until', count(*)
    FROM judged AS j
    WHERE headroom.data_until(j.contract_id, j.month) IS DISTINCT FROM (
        SELECT min(b.last_event + INTERVAL '1 microsecond')
        FROM brought AS b
        WHERE b.contract_id = j.contract_id
            AND b.last_event >= headroom.whole_start(j.contract_id, (j.month - INTERVAL '1 month')::date))
    UNION ALL
    SELECT 'recorded', count(*)
    FROM headroom.contract AS c
    WHERE headroom.recorded(c.contract_id)::text IS DISTINCT FROM (
        SELECT (ROW(min(b.first_event), max(b.last_event) + INTERVAL '1 microsecond')::record)::text
        FROM brought AS b
        WHERE b.contract_id = c.contract_id)
    UNION ALL
    SELECT 'first listed month', count(*)
    FROM headroom.contract AS c
    WHERE (headroom.listed_months(c.contract_id, '2026-08-01Z')).first_month IS DISTINCT FROM (
        SELECT least(headroom.whole_month_at(c.contract_id, min(b.first_event)), headroom.current_month(c.contract_id, '2026-08-01Z'))
        FROM headroom.batch_source AS b
        WHERE b.contract_id = c.contract_id)
    UNION ALL
    SELECT k.name, k.differing
    FROM headroom.contract AS c
    CROSS JOIN LATERAL headroom.recount_kept(c.contract_id, '2026-02-01') AS k
    WHERE k.name LIKE '%source%';
END
$$;

CREATE TEMP TABLE found (step bigint, what text, differing bigint);
CREATE TEMP TABLE done (what text);
CREATE FUNCTION pg_temp.steps(steps bigint)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    batch bigint;
    how double precision;
BEGIN
    FOR step IN 1..steps LOOP
        how := random();
        SELECT b.batch_id INTO batch FROM headroom.batch AS b ORDER BY random() LIMIT 1;
        IF batch IS NULL OR how < 0.6 THEN
            PERFORM pg_temp.load(step, pg_temp.times(), random() < 0.1);
            INSERT INTO done VALUES ('load');
        ELSIF batch IN (SELECT v.batch_id FROM headroom.voided_batch AS v) THEN
            PERFORM pg_temp.change(batch, 'restore');
            INSERT INTO done VALUES ('restore');
        ELSE
            PERFORM pg_temp.change(batch, 'void');
            INSERT INTO done VALUES ('void');
        END IF;
        IF step % 4 = 0 THEN
            INSERT INTO found SELECT step, d.what, d.differing FROM pg_temp.differing() AS d;
        END IF;
    END LOOP;
END
$$;
SELECT pg_temp.steps(CASE WHEN :'full' = '' THEN 60 ELSE 600 END);
SELECT cmp_ok((SELECT count(*) FROM done WHERE what = 'restore'), '>=', 3::bigint, 'some batches were restored');
SELECT cmp_ok(
    (SELECT count(*) FROM headroom.voided_batch), '>=', 5::bigint, 'and some are voided in the end');
SELECT is(
    (SELECT string_agg(DISTINCT f.what || ' at step ' || f.step, ', ') FROM found AS f WHERE f.differing > 0), NULL,
    'what is kept is always what the batches say');
SELECT is(
    (SELECT count(DISTINCT f.what) FROM found AS f), 8::bigint, 'of totals, days, months, and what follows from them');

-- ---- what is left when nothing is ----

SELECT pg_temp.change(b.batch_id, 'void')
FROM headroom.batch AS b
WHERE b.batch_id NOT IN (SELECT v.batch_id FROM headroom.voided_batch AS v);
SELECT is((SELECT count(*) FROM headroom.source_total), 0::bigint, 'with all batches voided no source has a total');
SELECT is((SELECT count(*) FROM headroom.source_day), 0::bigint, 'nor a day');
SELECT is(
    (SELECT sum(d.differing) FROM pg_temp.differing() AS d WHERE d.what <> 'data until'), 0::numeric, 'as the batches say');
SELECT pg_temp.change(b.batch_id, 'restore') FROM headroom.batch AS b;
SELECT is((SELECT sum(d.differing) FROM pg_temp.differing() AS d), 0::numeric, 'and with all restored, again');

-- ---- changed behind the back ----

SAVEPOINT kept;
UPDATE headroom.source_total SET events = events + 1 WHERE source = 'source 0' AND contract_id = pg_temp.contract_id('acme');
UPDATE headroom.source_day SET hours = hours # 1 WHERE source = 'source 1' AND contract_id = pg_temp.contract_id('acme')
    AND day = (SELECT max(day) FROM headroom.source_day WHERE source = 'source 1' AND contract_id = pg_temp.contract_id('acme') AND hours > 1);
SELECT results_eq(
    $$ SELECT name, differing FROM headroom.recount_kept(pg_temp.contract_id('acme'), '2026-02-01') WHERE name LIKE '%source%' $$,
    $$ VALUES ('sources with another number or span of events', 2::bigint), ('days on which a source spoke in other hours', 2) $$,
    'a recount tells of another number, and of other hours');
ROLLBACK TO kept;

-- ---- a look reads no more after many batches ----

-- The rows that this transaction has read of what each batch adds to.
CREATE FUNCTION pg_temp.rows_read()
RETURNS numeric
LANGUAGE sql VOLATILE
AS $$
    SELECT sum(coalesce(t.seq_tup_read, 0) + coalesce(t.idx_tup_fetch, 0))
    FROM pg_stat_xact_all_tables AS t
    WHERE t.schemaname = 'headroom'
$$;
CREATE FUNCTION pg_temp.look()
RETURNS numeric
LANGUAGE plpgsql
AS $$
DECLARE
    acme CONSTANT bigint := pg_temp.contract_id('acme');
    before CONSTANT numeric := pg_temp.rows_read();
BEGIN
    PERFORM headroom.month_status(acme, '2026-06-01', '2026-06-20 12:00Z');
    PERFORM headroom.month_so_far(acme, '2026-06-01', NULL, '2026-06-20 12:00Z');
    PERFORM headroom.month_sources(acme, '2026-06-01', '2026-06-20 12:00Z');
    PERFORM headroom.listed_months(acme, '2026-06-20 12:00Z');
    RETURN pg_temp.rows_read() - before;
END
$$;
-- As a gateway's drain: a batch a second, each of one event.
CREATE FUNCTION pg_temp.drain(batches integer)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    acme CONSTANT bigint := pg_temp.contract_id('acme');
    first CONSTANT bigint := (SELECT max(b.batch_id) + 1 FROM headroom.batch AS b);
BEGIN
    INSERT INTO headroom.batch (
        batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
        events_digest, facts_digest, loaded_at, loaded_by, program)
    SELECT first + n, 'events', 'test', 'csv', 1, 1, 0, 0, 1, 1, 0, 0, '', '', '2026-06-01Z', 'test', 'test'
    FROM generate_series(0, batches - 1) AS n;
    INSERT INTO headroom.batch_source (batch_id, contract_id, source, events, first_event, last_event)
    SELECT first + n, acme, 'gateway', 1, at, at
    FROM generate_series(0, batches - 1) AS n
    CROSS JOIN LATERAL (SELECT '2026-06-20Z'::timestamptz + (first + n) * INTERVAL '1 second' AS at) AS t;
    INSERT INTO headroom.source_hours (batch_id, contract_id, source, day, hours)
    SELECT first + n, acme, 'gateway', '2026-06-20', 1
    FROM generate_series(0, batches - 1) AS n;
    PERFORM headroom.add_batch_sources(first + n) FROM generate_series(0, batches - 1) AS n;
END
$$;
SELECT pg_temp.drain(50);
ANALYZE headroom.batch, headroom.batch_source, headroom.source_hours, headroom.source_total, headroom.source_day;
SELECT pg_temp.look();
CREATE TEMP TABLE looked AS SELECT pg_temp.look() AS rows;
SELECT cmp_ok((SELECT rows FROM looked), '>', 0::numeric, 'a look reads some rows');
SELECT pg_temp.drain(500);
ANALYZE headroom.batch, headroom.batch_source, headroom.source_hours, headroom.source_total, headroom.source_day;
SELECT cmp_ok(pg_temp.look(), '<=', (SELECT rows FROM looked), 'and no more after 500 batches more');
SELECT is(
    (SELECT events FROM headroom.source_total WHERE source = 'gateway'), 550::bigint, 'which are in the total');
SELECT is((SELECT sum(d.differing) FROM pg_temp.differing() AS d), 0::numeric, 'as the batches say');

SELECT * FROM finish();
ROLLBACK;
