-- SPDX-License-Identifier: MIT
-- Closed months under late events, voids and restores, facts, imports, amendments, reopenings and closes, in random
-- orders: what was sealed never changes, and what was sealed, carried and not yet carried is what a recount of the events
-- would charge today.
-- HEADROOM_TEST_SEED repeats a run; with HEADROOM_TEST_FULL there are sixty walks instead of one.
BEGIN;
SELECT plan(18);

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
CREATE TEMP TABLE violation (what text, found text);
CREATE TEMP TABLE step_done (outcome text);

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

-- A batch's own row and those of its source, and the usage of its months as a load leaves it.
CREATE FUNCTION pg_temp.taken_in(contract text, of_batch bigint)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint NOT NULL := pg_temp.contract_id(contract);
BEGIN
    INSERT INTO headroom.batch (
        batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
        events_digest, facts_digest, loaded_at, loaded_by, program)
    VALUES (of_batch, 'events', 'test', 'csv', 1, 1, 0, 0, 0, 0, 0, 0, '', '', '2026-01-01Z', 'test', 'test');
    INSERT INTO headroom.batch_source (batch_id, contract_id, source, events, first_event, last_event)
    SELECT of_batch, chosen, 's', count(*), min(e.occurred_at), max(e.occurred_at)
    FROM headroom.event AS e
    WHERE e.batch_id = of_batch;
    PERFORM pg_temp.count_again(of_batch);
    PERFORM headroom.rebuild_daily(chosen, NULL);
    PERFORM pg_temp.linked('batch', of_batch);
END
$$;

CREATE FUNCTION pg_temp.count_again(of_batch bigint)
RETURNS void
LANGUAGE sql
AS $$
    SELECT headroom.rebuild_usage(m.contract_id, m.month), headroom.rebuild_daily(m.contract_id, m.month)
    FROM (
        SELECT DISTINCT e.contract_id, headroom.month_at(e.contract_id, e.occurred_at) AS month
        FROM headroom.event AS e
        WHERE e.batch_id = of_batch
    ) AS m
    WHERE m.month IS NOT NULL;
    SELECT headroom.rebuild_sources(s.contract_id, ARRAY[of_batch])
    FROM headroom.batch_source AS s
    WHERE s.batch_id = of_batch
$$;

-- Some events of a batch of its own, at random times of four months, of which a tenth begin a day to the microsecond.
CREATE FUNCTION pg_temp.load()
RETURNS text
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
            TIMESTAMPTZ '2026-02-03Z' + (month * 28 + floor(random() * 28)) * INTERVAL '24 hours'
                + (random() < 0.9)::integer * floor(random() * 24) * INTERVAL '1 hour'
                - (random() < 0.1)::integer * INTERVAL '1 microsecond',
            pg_temp.any_of(ARRAY['1', '2', '3', '4', '5', '6', '7', '@amy', '@bob', '@cat', '~t']),
            pg_temp.any_of(ARRAY['attempted', 'answered', 'delivered'])::headroom.class,
            random() < 0.2,
            batch_id => new_batch);
    END LOOP;
    PERFORM pg_temp.taken_in(contract, new_batch);
    RETURN 'done';
END
$$;

-- A fact from events, or an import: a statement with dates, or without, which is a fact before all others.
CREATE FUNCTION pg_temp.learn()
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    new_batch CONSTANT bigint NOT NULL := nextval('batch_number');
    handle CONSTANT text NOT NULL := pg_temp.any_of(ARRAY['amy', 'bob', 'cat']);
    owner CONSTANT bigint NOT NULL := 1 + floor(random() * 9);
    day CONSTANT date NOT NULL := DATE '2026-02-01' + floor(random() * 120)::integer;
    how CONSTANT text NOT NULL := pg_temp.any_of(ARRAY['event', 'undated', 'from', 'until', 'both']);
BEGIN
    INSERT INTO headroom.batch (
        batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
        events_digest, facts_digest, loaded_at, loaded_by, program)
    VALUES (
        new_batch, CASE how WHEN 'event' THEN 'events' ELSE 'identities' END::headroom.batch_kind, 'test', 'csv', 1, 1, 0, 0,
        0, 0, 0, 0, '', '', '2026-01-01Z', 'test', 'test');
    IF how IN ('event', 'undated') THEN
        PERFORM pg_temp.fact(handle, owner, CASE how WHEN 'event' THEN day ELSE '1970-01-01' END::timestamptz, new_batch);
    ELSE
        PERFORM pg_temp.claim(
            handle, owner, CASE WHEN how <> 'until' THEN day END,
            CASE WHEN how <> 'from' THEN day + 1 + floor(random() * 40)::integer END, new_batch);
    END IF;
    PERFORM pg_temp.linked(CASE how WHEN 'event' THEN 'batch' ELSE 'identities' END, new_batch);
    RETURN how;
END
$$;

CREATE FUNCTION pg_temp.take_back(of_batch bigint, action headroom.batch_action, link text)
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_temp.change(of_batch, action);
    SELECT pg_temp.count_again(of_batch);
    SELECT pg_temp.linked(link, (SELECT max(change_id) FROM headroom.batch_change))
$$;

-- Takes a random batch back, or brings it back.
CREATE FUNCTION pg_temp.take_back()
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint NOT NULL := (
        SELECT b.batch_id
        FROM headroom.batch AS b
        ORDER BY b.batch_id
        OFFSET floor(random() * (SELECT count(*) FROM headroom.batch))
        LIMIT 1);
    kind CONSTANT headroom.batch_kind NOT NULL := (SELECT b.kind FROM headroom.batch AS b WHERE b.batch_id = chosen);
BEGIN
    IF chosen = ANY (headroom.voided_batches()) THEN
        PERFORM pg_temp.take_back(chosen, 'restore', 'restore');
        RETURN 'restored';
    ELSIF kind = 'identities' THEN
        PERFORM pg_temp.take_back(chosen, 'withdraw', 'withdrawal');
        RETURN 'withdrawn';
    END IF;
    PERFORM pg_temp.take_back(chosen, 'void', 'void');
    RETURN 'voided';
END
$$;

-- A value of the terms that is to change, at random.
CREATE FUNCTION pg_temp.other_value()
RETURNS jsonb
LANGUAGE sql VOLATILE
AS $$
    SELECT CASE floor(random() * 7)
        WHEN 0 THEN jsonb_build_object('limit', nullif(floor(random() * 7), 6))
        WHEN 1 THEN jsonb_build_object('pricing', jsonb_build_object(
            'model', 'flat', 'unit_price', pg_temp.any_of(ARRAY['1', '2.50', '0.005', '7'])))
        WHEN 2 THEN jsonb_build_object('pricing', jsonb_build_object(
            'model', 'package', 'size', 1 + floor(random() * 3), 'price', '4'))
        WHEN 3 THEN jsonb_build_object('counting', pg_temp.any_of(ARRAY[
            'attempted', 'attempted+app', 'answered', 'answered+app', 'delivered', 'delivered+app']))
        WHEN 4 THEN jsonb_build_object('billing_day', 1 + floor(random() * 31))
        WHEN 5 THEN jsonb_build_object('time_zone', pg_temp.any_of(ARRAY[
            'UTC', 'America/New_York', 'Asia/Tokyo', 'America/Havana', 'Asia/Beirut', 'Pacific/Kiritimati']))
        ELSE jsonb_build_object('currency', pg_temp.any_of(ARRAY['USD', 'EUR', 'JPY']))
    END
$$;

-- A contract's document with other terms from a month until the next ones begin, as `contract amend` makes it.
CREATE FUNCTION pg_temp.amended(of_contract bigint, of_month date, other jsonb)
RETURNS json
LANGUAGE sql
AS $$
    WITH terms AS (
        SELECT t.valid_from, headroom.term_document(t.term_id)::jsonb AS terms
        FROM headroom.term_in_force AS t
        WHERE t.contract_id = of_contract
            AND headroom.first_month(t.valid_from, t.billing_day) <> of_month
        UNION ALL
        SELECT d.valid_from, a.terms || jsonb_build_object('from', d.valid_from)
        FROM headroom.term_of(of_contract, of_month) AS t
        CROSS JOIN LATERAL (SELECT headroom.term_document(t.term_id)::jsonb || other) AS a (terms)
        CROSS JOIN LATERAL (
            SELECT headroom.billing_date(of_month, (a.terms ->> 'billing_day')::integer)) AS d (valid_from)
    )
    SELECT (
        headroom.contract_document(of_contract)::jsonb
        || jsonb_build_object('terms', jsonb_agg(t.terms ORDER BY t.valid_from)))::json
    FROM terms AS t
$$;

-- What an amendment from a month must leave as it is where months are closed: that month's terms, where it begins, and
-- the currency of every closed month.
CREATE FUNCTION pg_temp.settled(of_contract bigint, of_month date)
RETURNS jsonb
LANGUAGE sql
AS $$
    SELECT jsonb_build_object(
        'terms', CASE headroom.month_state(of_contract, of_month, '2026-08-01Z') WHEN 'closed' THEN
            (SELECT headroom.term_document(t.term_id)::jsonb - 'from' FROM headroom.term_of(of_contract, of_month) AS t) END,
        'start', CASE headroom.month_state(of_contract, (of_month - INTERVAL '1 month')::date, '2026-08-01Z')
            WHEN 'closed' THEN headroom.whole_start(of_contract, of_month) END,
        'currencies', (
            SELECT jsonb_object_agg(s.month, (headroom.term_of(of_contract, s.month)).currency)
            FROM headroom.seal_in_force AS s
            WHERE s.contract_id = of_contract))
$$;

CREATE FUNCTION pg_temp.amend()
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint NOT NULL := pg_temp.contract_id(pg_temp.any_of(ARRAY['acme', 'york']));
    month CONSTANT date NOT NULL := pg_temp.any_of(
        ARRAY['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01']);
    document CONSTANT json NOT NULL := pg_temp.amended(chosen, month, pg_temp.other_value() || pg_temp.other_value());
    settled CONSTANT jsonb NOT NULL := pg_temp.settled(chosen, month);
    applied record;
BEGIN
    SELECT a.*
    INTO applied
    FROM headroom.contract_apply(chosen, 'amend', document, 'test', '2026-08-01Z', 'test') AS a;
    IF settled <> pg_temp.settled(chosen, month) THEN
        INSERT INTO violation VALUES (format('%s of contract %s was %s', month, chosen, settled));
    END IF;
    RETURN CASE WHEN applied.version IS NULL THEN 'unchanged' ELSE 'amended' END;
EXCEPTION
    WHEN SQLSTATE 'HR001' THEN
        RETURN CASE WHEN SQLERRM LIKE '%is closed%' THEN 'refused' ELSE 'impossible' END;
END
$$;

CREATE FUNCTION pg_temp.adjustments(of_contract bigint, of_month date)
RETURNS jsonb
LANGUAGE sql
AS $$
    SELECT jsonb_agg(to_jsonb(a) ORDER BY a.month) FROM headroom.adjustments(of_contract, of_month) AS a
$$;

-- What a month costs today by a recount of its events.
CREATE FUNCTION pg_temp.today(of_contract bigint, of_month date, OUT unique_handles bigint, OUT charge numeric)
LANGUAGE plpgsql
AS $$
DECLARE
    terms CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
BEGIN
    unique_handles := (
        SELECT r.unique_handles FROM headroom.recount(of_contract, of_month) AS r WHERE r.rule = terms.counting);
    charge := headroom.charge(of_contract, of_month, greatest(unique_handles - terms.unit_limit, 0));
    charge := coalesce(charge, 0);
END
$$;

-- Closes a month that is not closed, else opens it again where nothing is in its way.
CREATE FUNCTION pg_temp.turn(contract text, turned date)
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    chosen CONSTANT bigint NOT NULL := pg_temp.contract_id(contract);
    new_seal bigint;
    derived jsonb;
BEGIN
    IF headroom.month_state(chosen, turned, '2026-08-01Z') <> 'closed' THEN
        derived := pg_temp.adjustments(chosen, turned);
        new_seal := headroom.add_seal_owners(chosen, turned);
        PERFORM headroom.add_seal(new_seal, chosen, turned, '2026-08-01Z', '', '{}', '{}', NULL, 'test');
        INSERT INTO seen
        SELECT
            new_seal,
            to_jsonb(s),
            (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.owner) FROM headroom.month_owners(chosen, turned) AS o)
        FROM headroom.month_status(chosen, turned, '2026-08-01Z') AS s;
        IF derived IS DISTINCT FROM pg_temp.adjustments(chosen, turned)
            OR EXISTS (SELECT FROM headroom.derived_adjustments(chosen, turned))
        THEN
            INSERT INTO violation VALUES (format('seal %s does not carry %s once', new_seal, derived));
        END IF;
        RETURN CASE WHEN derived IS NULL THEN 'closed' ELSE 'closed, carrying' END;
    END IF;
    IF headroom.carriers_of(chosen, turned) IS NOT NULL THEN
        RETURN 'carried';
    END IF;
    PERFORM headroom.reopen_month(chosen, turned, 'test', '2026-08-01Z', 'test');
    RETURN 'reopened';
END
$$;

-- A random month; most of the closed ones stay so.
CREATE FUNCTION pg_temp.turn()
RETURNS text
LANGUAGE sql
AS $$
    SELECT CASE
        WHEN headroom.month_state(pg_temp.contract_id(t.contract), t.month, '2026-08-01Z') = 'closed' AND random() < 0.6
            THEN 'stayed closed'
        ELSE pg_temp.turn(t.contract, t.month)
    END
    FROM (
        SELECT
            pg_temp.any_of(ARRAY['acme', 'york']) AS contract,
            pg_temp.any_of(ARRAY['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'])::date AS month
        OFFSET 0
    ) AS t
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
    CROSS JOIN LATERAL pg_temp.today(s.contract_id, s.month) AS t
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(a.unique_handles), 0) AS handles, coalesce(sum(a.amount), 0) AS amount
        FROM headroom.adjustment AS a
        JOIN headroom.seal_in_force AS carrier ON carrier.seal_id = a.carried_by
        WHERE a.seal_id = s.seal_id
    ) AS c
    LEFT JOIN (
        SELECT a.*
        FROM headroom.contract AS k
        CROSS JOIN LATERAL headroom.derived_adjustments(k.contract_id, '9999-01-01') AS a
    ) AS d ON d.seal_id = s.seal_id
    WHERE s.unique_handles + c.handles + coalesce(d.unique_handles, 0) <> t.unique_handles
        OR s.charge + c.amount + coalesce(d.amount, 0) <> t.charge
    UNION ALL
    SELECT format('%s carries an adjustment of %s', c.month, s.month)
    FROM headroom.adjustment AS a
    JOIN headroom.seal AS s USING (seal_id)
    JOIN headroom.seal AS c ON c.seal_id = a.carried_by
    WHERE c.month <= s.month
        OR c.contract_id <> s.contract_id
    UNION ALL
    SELECT format('the list of seal %s has not its %s owners', s.seal_id, s.unique_handles)
    FROM headroom.seal AS s
    WHERE s.unique_handles <> (SELECT count(*) FROM headroom.seal_owner AS o WHERE o.seal_id = s.seal_id)
$$;

-- One walk from an empty ledger, of which nothing stays but what did not hold and what was done.
CREATE FUNCTION pg_temp.walk(steps integer)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    kinds CONSTANT text[] NOT NULL := ARRAY['turn', 'load', 'learn', 'take_back', 'amend'];
    kind text;
    outcome text;
    outcomes text[] NOT NULL := '{}';
    broken text[];
BEGIN
    BEGIN
        PERFORM pg_temp.load() FROM generate_series(1, 8);
        FOR step IN 1..steps LOOP
            kind := coalesce(kinds[step], pg_temp.any_of(kinds || ARRAY['amend', 'turn', 'turn']));
            EXECUTE format('SELECT pg_temp.%I()', kind) INTO outcome;
            outcomes := outcomes || format('%s: %s', kind, outcome);
            INSERT INTO violation SELECT v.what FROM pg_temp.violations() AS v;
            UPDATE violation AS v SET found = format('step %s, %s', step, kind) WHERE v.found IS NULL;
        END LOOP;
        broken := ARRAY(SELECT format('%s: %s', v.found, v.what) FROM violation AS v WHERE v.found LIKE 'step %');
        RAISE SQLSTATE 'HR999';
    EXCEPTION
        WHEN SQLSTATE 'HR999' THEN
            NULL;
    END;
    INSERT INTO violation SELECT v.what, 'an earlier walk' FROM unnest(broken) AS v (what);
    INSERT INTO step_done SELECT o.outcome FROM unnest(outcomes) AS o (outcome);
END
$$;
SELECT pg_temp.walk(50) FROM generate_series(1, CASE WHEN :'full' = '' THEN 1 ELSE 60 END);

SELECT diag(string_agg(format('%s (%s)', outcome, number), ', ' ORDER BY outcome))
FROM (SELECT outcome, count(*) AS number FROM step_done GROUP BY outcome) AS outcomes;
SELECT is_empty('TABLE violation', 'after every step all holds');
SELECT cmp_ok((SELECT count(*) FROM step_done WHERE outcome LIKE 'turn: closed%'), '>', 3::bigint, 'months were closed');
SELECT is(
    (SELECT count(DISTINCT split_part(outcome, ':', 1)) FROM step_done), 5::bigint, 'every kind of step was done');

-- ---- what a reopened month had carried is open again, whatever was closed after it ----

SELECT pg_temp.contract('plain', 1);
SELECT pg_temp.event('plain', '2026-02-10Z', '1', batch_id => 900);
SELECT pg_temp.taken_in('plain', 900);
SELECT pg_temp.turn('plain', '2026-02-01');
SELECT pg_temp.event('plain', '2026-02-11Z', '@zoe', batch_id => 901);
SELECT pg_temp.taken_in('plain', 901);
SELECT pg_temp.turn('plain', '2026-03-01');
SELECT pg_temp.turn('plain', '2026-04-01');
CREATE FUNCTION pg_temp.derived()
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(d.unique_handles || ' ' || d.amount, ', ')
    FROM headroom.derived_adjustments(pg_temp.contract_id('plain'), '2027-01-01') AS d
$$;

SELECT is(
    (SELECT string_agg(a.unique_handles || ' ' || a.amount, ', ')
    FROM headroom.adjustments(pg_temp.contract_id('plain'), '2026-03-01') AS a),
    '1 2.50', 'the first close after it carries it');
SELECT pg_temp.turn('plain', '2026-03-01');
SELECT is(pg_temp.derived(), '1 2.50', 'and open again until one carries it anew');
SELECT pg_temp.turn('plain', '2026-03-01');

-- ---- each thing that can change a closed month, alone after the last close ----

SELECT pg_temp.fact('zoe', 1, '2026-01-01Z', 902);
SELECT pg_temp.linked('batch', 902);
SELECT is(pg_temp.derived(), '-1 -2.50', 'a fact: both are one owner');
SELECT pg_temp.turn('plain', '2026-05-01');
SELECT (headroom.contract_apply(
    pg_temp.contract_id('plain'), 'amend', pg_temp.amended(pg_temp.contract_id('plain'), '2026-01-01', '{"limit": 0}'),
    'test', '2026-08-01Z', 'test')).version;
SELECT is(pg_temp.derived(), '0 2.50', 'an amendment of the month before: a limit of 0');
SELECT pg_temp.turn('plain', '2026-06-01');
SELECT pg_temp.claim('zoe', 2, '2026-02-01', NULL, 903);
SELECT pg_temp.linked('identities', 903);
SELECT is(pg_temp.derived(), '1 2.50', 'an import: another owner');
SELECT pg_temp.turn('plain', '2026-07-01');
SELECT pg_temp.take_back(901, 'void', 'void');
SELECT is(pg_temp.derived(), '-1 -2.50', 'a voided batch');
SELECT pg_temp.turn('plain', '2026-08-01');
SELECT pg_temp.take_back(901, 'restore', 'restore');
SELECT is(pg_temp.derived(), '1 2.50', 'a restored one');
SELECT pg_temp.turn('plain', '2026-09-01');
SELECT pg_temp.take_back(903, 'withdraw', 'withdrawal');
SELECT is(pg_temp.derived(), '-1 -2.50', 'a withdrawn import');
SELECT pg_temp.turn('plain', '2026-10-01');
SELECT pg_temp.event('plain', '2026-02-28T23:59:59.999999Z', '4', batch_id => 904);
SELECT pg_temp.taken_in('plain', 904);
SELECT is(pg_temp.derived(), '1 2.50', 'an event of the last microsecond');
SELECT pg_temp.turn('plain', '2026-01-01');
SELECT is(pg_temp.derived(), '1 2.50', 'which the close of an earlier month does not carry');
SELECT pg_temp.turn('plain', '2026-11-01');
SELECT pg_temp.event('plain', '2026-03-01T00:00Z', '4', batch_id => 905);
SELECT pg_temp.taken_in('plain', 905);
SELECT is(pg_temp.derived(), '1 2.50', 'one a microsecond later is of the month after');
SELECT is_empty(
    $$ SELECT * FROM headroom.derived_adjustments(pg_temp.contract_id('plain'), '2026-03-01') $$, 'and of it alone');
SELECT is_empty('SELECT * FROM pg_temp.violations()', 'and all holds');

-- ---- a closed month that lies elsewhere today ----

SELECT pg_temp.contract('moved', 0);
SELECT pg_temp.event('moved', '2026-03-05Z', '1', batch_id => 910);
SELECT pg_temp.taken_in('moved', 910);
SELECT pg_temp.turn('moved', '2026-03-01');
SELECT (headroom.contract_apply(
    pg_temp.contract_id('moved'), 'amend', pg_temp.amended(pg_temp.contract_id('moved'), '2026-02-01', '{"billing_day": 22}'),
    'test', '2026-08-01Z', 'test')).version;
SELECT pg_temp.turn('moved', '2026-04-01');
SELECT pg_temp.event('moved', '2026-04-10Z', '2', batch_id => 911);
SELECT pg_temp.taken_in('moved', 911);
SELECT is(
    (SELECT string_agg(d.unique_handles || ' ' || d.amount, ', ')
    FROM headroom.derived_adjustments(pg_temp.contract_id('moved'), '2027-01-01') AS d),
    '1 2.50', 'an event where it lies today, not where it lay when it was sealed');
SELECT is_empty('SELECT * FROM pg_temp.violations()', 'and all still holds');

SELECT * FROM finish();
ROLLBACK;
