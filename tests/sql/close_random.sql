-- SPDX-License-Identifier: MIT
-- Closed months under late events, voids and restores, facts, imports, other terms, reopenings and closes, in random
-- orders: what was sealed never changes, and what was sealed, carried and not yet carried is what would be charged today.
-- HEADROOM_TEST_SEED repeats a run; with HEADROOM_TEST_FULL there are twenty times as many steps.
BEGIN;
SELECT plan(8);

\ir lib/ledger.psql

\set seed 1
\getenv seed HEADROOM_TEST_SEED
\set full ''
\getenv full HEADROOM_TEST_FULL
SELECT diag('seed ' || :'seed');
SELECT setseed((:'seed'::numeric % 1000003) / 1000003);

SELECT pg_temp.contract('acme', 4);
SELECT pg_temp.contract('york', 3, 'delivered+app', 'America/New_York', 15);
CREATE TEMP SEQUENCE batch_number;
CREATE TEMP TABLE seen (seal_id bigint PRIMARY KEY, status jsonb, owners jsonb);
CREATE TEMP TABLE violation (step integer, kind text, what text);
CREATE TEMP TABLE step_done (kind text);

CREATE FUNCTION pg_temp.any_of(choices text[])
RETURNS text
LANGUAGE sql VOLATILE
AS $$
    SELECT choices[1 + floor(random() * cardinality(choices))::integer]
$$;

CREATE FUNCTION pg_temp.linked(kind text, subject_id bigint)
RETURNS void
LANGUAGE sql
AS $$
    SELECT headroom.chain_append(kind, subject_id, '', '2026-08-01Z')
$$;

-- Some events of a batch of its own, at random times of four months.
CREATE FUNCTION pg_temp.load()
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    new_batch CONSTANT bigint NOT NULL := nextval('batch_number');
    contract CONSTANT text NOT NULL := pg_temp.any_of(ARRAY['acme', 'york']);
    month CONSTANT integer NOT NULL := floor(random() * 4);
BEGIN
    FOR i IN 1..6 LOOP
        PERFORM pg_temp.event(
            contract,
            TIMESTAMPTZ '2026-02-03Z' + (month * 28 + floor(random() * 28)) * INTERVAL '24 hours',
            pg_temp.any_of(ARRAY['1', '2', '3', '4', '5', '6', '7', '@amy', '@bob', '@cat', '~t']),
            pg_temp.any_of(ARRAY['attempted', 'answered', 'delivered'])::headroom.class,
            random() < 0.2,
            batch_id => new_batch);
    END LOOP;
    PERFORM pg_temp.roll_up();
    PERFORM pg_temp.linked('batch', new_batch);
END
$$;

CREATE FUNCTION pg_temp.learn()
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    new_batch CONSTANT bigint NOT NULL := nextval('batch_number');
    handle CONSTANT text NOT NULL := pg_temp.any_of(ARRAY['amy', 'bob', 'cat']);
    owner CONSTANT bigint NOT NULL := 1 + floor(random() * 9);
BEGIN
    IF random() < 0.5 THEN
        PERFORM pg_temp.fact(handle, owner, '2026-02-01Z'::timestamptz + floor(random() * 120) * INTERVAL '1 day', new_batch);
        PERFORM pg_temp.linked('batch', new_batch);
    ELSE
        PERFORM pg_temp.claim(handle, owner, DATE '2026-02-01' + floor(random() * 120)::integer, NULL, new_batch);
        PERFORM pg_temp.linked('identities', new_batch);
    END IF;
END
$$;

CREATE FUNCTION pg_temp.take_back()
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint := 1 + floor(random() * currval('batch_number'));
    voided CONSTANT boolean NOT NULL := EXISTS (SELECT FROM headroom.voided_batch AS v WHERE v.batch_id = chosen);
BEGIN
    PERFORM pg_temp.change(chosen, (CASE WHEN voided THEN 'restore' ELSE 'void' END)::headroom.batch_action);
    PERFORM pg_temp.roll_up();
    PERFORM pg_temp.linked(
        CASE WHEN voided THEN 'restore' ELSE 'void' END, (SELECT max(change_id) FROM headroom.batch_change));
END
$$;

CREATE FUNCTION pg_temp.amend()
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint NOT NULL := pg_temp.contract_id(pg_temp.any_of(ARRAY['acme', 'york']));
BEGIN
    UPDATE headroom.term SET unit_limit = floor(random() * 6) WHERE contract_id = chosen;
    PERFORM pg_temp.linked('terms', (SELECT min(term_id) FROM headroom.term WHERE contract_id = chosen));
END
$$;

-- Closes a month that is not closed, or opens one again where nothing is in its way.
CREATE FUNCTION pg_temp.turn(contract text, turned date)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint NOT NULL := pg_temp.contract_id(contract);
    new_seal bigint;
BEGIN
    IF headroom.month_state(chosen, turned, '2026-08-01Z') <> 'closed' THEN
        new_seal := headroom.add_seal_owners(chosen, turned);
        PERFORM headroom.add_seal(new_seal, chosen, turned, '2026-08-01Z', '', '{}', '{}', NULL, 'test');
        INSERT INTO seen
        SELECT
            new_seal,
            to_jsonb(s),
            (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.owner) FROM headroom.month_owners(chosen, turned) AS o)
        FROM headroom.month_status(chosen, turned, '2026-08-01Z') AS s;
    ELSIF headroom.carriers_of(chosen, turned) IS NULL THEN
        PERFORM headroom.reopen_month(chosen, turned, 'test', '2026-08-01Z', 'test');
    END IF;
END
$$;

CREATE FUNCTION pg_temp.turn()
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_temp.turn(
        pg_temp.any_of(ARRAY['acme', 'york']),
        pg_temp.any_of(ARRAY['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'])::date)
$$;

-- What does not hold now.
CREATE FUNCTION pg_temp.violations()
RETURNS TABLE (what text)
LANGUAGE sql
AS $$
    SELECT format('seal %s is not as it was: %s', s.seal_id, x.changed)
    FROM headroom.seal_in_force AS s
    JOIN seen USING (seal_id)
    CROSS JOIN LATERAL headroom.month_status(s.contract_id, s.month, '2026-09-01Z') AS m
    CROSS JOIN LATERAL (VALUES
        ('figures', seen.status IS DISTINCT FROM to_jsonb(m)),
        ('list', seen.owners IS DISTINCT FROM (
            SELECT jsonb_agg(to_jsonb(o) ORDER BY o.owner) FROM headroom.month_owners(s.contract_id, s.month) AS o))
    ) AS x (changed, holds_not)
    WHERE x.holds_not
    UNION ALL
    SELECT format('%s of contract %s: sealed, carried and derived are %s for %s, today''s %s for %s', s.month, s.contract_id,
        s.unique_handles + c.handles + coalesce(d.unique_handles, 0), s.charge + c.amount + coalesce(d.amount, 0),
        t.unique_handles, t.charge)
    FROM headroom.seal_in_force AS s
    CROSS JOIN LATERAL headroom.counts_today(s.contract_id, s.month) AS t
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(a.unique_handles), 0) AS handles, coalesce(sum(a.amount), 0) AS amount
        FROM headroom.adjustment AS a
        JOIN headroom.seal_in_force AS carrier ON carrier.seal_id = a.carried_by
        WHERE a.seal_id = s.seal_id
    ) AS c
    LEFT JOIN LATERAL headroom.derived_adjustments(s.contract_id, '9999-01-01') AS d ON d.seal_id = s.seal_id
    WHERE s.unique_handles + c.handles + coalesce(d.unique_handles, 0) <> t.unique_handles
        OR s.charge + c.amount + coalesce(d.amount, 0) <> t.charge
$$;

SELECT pg_temp.load() FROM generate_series(1, 8);
CREATE FUNCTION pg_temp.run(steps integer)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    kind text;
BEGIN
    FOR step IN 1..steps LOOP
        kind := pg_temp.any_of(ARRAY['load', 'learn', 'take_back', 'amend', 'turn', 'turn', 'turn']);
        EXECUTE format('SELECT pg_temp.%I()', kind);
        INSERT INTO step_done VALUES (kind);
        INSERT INTO violation SELECT step, kind, v.what FROM pg_temp.violations() AS v;
    END LOOP;
END
$$;
SELECT pg_temp.run(CASE WHEN :'full' = '' THEN 40 ELSE 800 END);

SELECT is_empty('TABLE violation', 'after every step all holds');
SELECT cmp_ok((SELECT count(*) FROM seen), '>', 3::bigint, 'months were closed');
SELECT is((SELECT count(DISTINCT kind) FROM step_done), 5::bigint, 'every kind of step was done');
SELECT is_empty(
    $$ SELECT seal_id, count(*) FROM headroom.seal_owner GROUP BY seal_id
    EXCEPT SELECT seal_id, unique_handles FROM headroom.seal $$,
    'each list is as long as its count');

-- ---- what a reopened month had carried is open again, whatever was closed after it ----

SELECT pg_temp.contract('plain', 1);
SELECT pg_temp.event('plain', '2026-02-10Z', '1', batch_id => 900);
SELECT pg_temp.roll_up();
SELECT pg_temp.linked('batch', 900);
SELECT pg_temp.turn('plain', '2026-02-01');
SELECT pg_temp.event('plain', '2026-02-11Z', '@zoe', batch_id => 901);
SELECT pg_temp.roll_up();
SELECT pg_temp.linked('batch', 901);
SELECT pg_temp.turn('plain', '2026-03-01');
SELECT pg_temp.turn('plain', '2026-04-01');
SELECT is(
    (SELECT string_agg(a.unique_handles || ' ' || a.amount, ', ')
    FROM headroom.adjustments(pg_temp.contract_id('plain'), '2026-03-01') AS a),
    '1 2.50', 'the first close after it carries it');
SELECT pg_temp.turn('plain', '2026-03-01');
SELECT is(
    (SELECT string_agg(d.unique_handles || ' ' || d.amount, ', ')
    FROM headroom.derived_adjustments(pg_temp.contract_id('plain'), '2026-05-01') AS d),
    '1 2.50', 'and open again until one carries it anew');
SELECT pg_temp.turn('plain', '2026-03-01');
SELECT pg_temp.fact('zoe', 1, '2026-01-01Z', 902);
SELECT pg_temp.linked('batch', 902);
SELECT is(
    (SELECT string_agg(d.unique_handles || ' ' || d.amount, ', ')
    FROM headroom.derived_adjustments(pg_temp.contract_id('plain'), '2026-05-01') AS d),
    '-1 -2.50', 'a fact takes it back');
SELECT is_empty('SELECT * FROM pg_temp.violations()', 'and all holds');

SELECT * FROM finish();
ROLLBACK;
