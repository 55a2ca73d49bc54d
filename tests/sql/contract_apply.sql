-- SPDX-License-Identifier: MIT
-- A contract becomes as its document says, and its usage as if its events had been loaded under it from the start.
BEGIN;
SELECT plan(23);

\ir lib/ledger.psql

CREATE FUNCTION pg_temp.terms(
    valid_from date, unit_limit bigint DEFAULT 5, billing_day integer DEFAULT 1, time_zone text DEFAULT 'UTC',
    pricing json DEFAULT '{"model": "flat", "unit_price": "2.50"}')
RETURNS json
LANGUAGE sql
AS $$
    SELECT json_build_object(
        'from', valid_from, 'limit', unit_limit, 'currency', 'USD', 'pricing', pricing, 'fee', NULL, 'minimum', NULL,
        'cap', NULL, 'tolerance', json_build_object('units', 0, 'cliff', false), 'proration', 'none',
        'time_zone', time_zone, 'billing_day', billing_day, 'counting', 'answered')
$$;

CREATE FUNCTION pg_temp.document(name text, ends_on date, VARIADIC terms json[])
RETURNS json
LANGUAGE sql
AS $$
    SELECT json_build_object(
        'name', name, 'time_zone', terms[1] -> 'time_zone', 'billing_day', terms[1] -> 'billing_day',
        'counting', terms[1] -> 'counting', 'apps', json_build_array(), 'end', ends_on, 'notes', NULL,
        'answers', json_build_array(), 'dispute_days', NULL, 'alternatives', json_build_array(),
        'terms', array_to_json(terms))
$$;

CREATE FUNCTION pg_temp.apply(document json)
RETURNS text
LANGUAGE sql
AS $$
    SELECT concat_ws(' ', a.version, a.months)
    FROM headroom.contract_apply(
        pg_temp.contract_id(document ->> 'name'), 'amend', document, 'a test', '2026-10-01Z', 'tester') AS a
$$;

-- ---- versions, terms and links ----

SELECT is(pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01'))), '1 {}', 'a new contract');
SELECT is(pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01'))), '{}', 'the same again is nothing');
SELECT is(
    pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01'), pg_temp.terms('2026-04-01', 6))), '2 {}',
    'more terms');
SELECT is((SELECT count(*) FROM headroom.term), 2::bigint, 'terms that stay are not written again');
SELECT is(
    pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01'), pg_temp.terms('2026-04-01', 7))), '3 {}',
    'other terms');
SELECT is(
    (SELECT string_agg(format('%s %s', t.unit_limit, v.version), ',' ORDER BY t.term_id)
    FROM headroom.term AS t
    LEFT JOIN headroom.contract_version AS v ON v.version_id = t.retired_in),
    '5 ,6 3,7 ', 'terms that others took the place of say by which version');
SELECT is(
    (SELECT string_agg(kind, ' ' ORDER BY seq) FROM headroom.chain), 'terms contract terms contract terms contract',
    'terms and versions hang on the chain');
SELECT is_empty(
    $$
    SELECT FROM headroom.chain AS c
    WHERE c.content_digest <> CASE c.kind
        WHEN 'terms' THEN headroom.term_content(c.subject_id) ELSE headroom.contract_content(c.subject_id) END
    $$,
    'by what they say');
SELECT is(
    pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01', pricing =>
        '{"model": "volume", "tiers": [{"up_to": 5, "unit_price": "2", "flat_fee": "0"}, {"up_to": null, "unit_price": "1", "flat_fee": "0"}]}'))),
    '4 {}', 'brackets');
SELECT is(
    pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01', pricing =>
        '{"model": "volume", "tiers": [{"up_to": null, "unit_price": "1", "flat_fee": "0"}]}'))),
    '5 {}', 'fewer brackets of the same are others');

-- ---- what the calendar cannot have ----

SELECT throws_like(format('SELECT pg_temp.apply(pg_temp.document(''acme'', %s))', r.argument), r.message, r.argument)
FROM (VALUES
    ('NULL, pg_temp.terms(''2026-01-01''), pg_temp.terms(''2026-03-02''), pg_temp.terms(''2026-03-20'')', '/terms/2/from: terms overlap%'),
    ('NULL, pg_temp.terms(''2026-01-01''), pg_temp.terms(''2026-03-20'', billing_day => 15), pg_temp.terms(''2026-03-25'', billing_day => 31)',
        '/terms/2/from: terms overlap%'),
    ('NULL, pg_temp.terms(''2026-01-31'', billing_day => 31), pg_temp.terms(''2026-02-01'', time_zone => ''Pacific/Kiritimati'')',
        '/terms/1: with these terms the billing month 2026-01 would be shorter than 24 hours%'),
    ('''2026-01-01'', pg_temp.terms(''2026-01-01'')', '/end: the contract ends on 2026-01-01, but it has terms from%')
) AS r (argument, message);
SELECT throws_ok(
    'SELECT pg_temp.apply(pg_temp.document(''acme'', ''2025-12-31'', pg_temp.terms(''2026-01-01'')))', 'HR001', NULL,
    'a refusal is HR001');
SELECT lives_ok(
    $$
    SELECT pg_temp.apply(pg_temp.document(
        'acme', NULL, pg_temp.terms('2026-01-10', billing_day => 31), pg_temp.terms('2026-01-20', billing_day => 31)))
    $$,
    'the first terms also hold for the period that they begin in');
SELECT is(
    (SELECT array_agg(t.valid_from ORDER BY m.month)
    FROM (VALUES (DATE '2025-12-01'), (DATE '2026-01-01')) AS m (month)
    CROSS JOIN LATERAL headroom.term_of(pg_temp.contract_id('acme'), m.month) AS t),
    '{2026-01-10,2026-01-20}', 'each acts from its own month');

-- ---- whatever the way to a document, the usage is the same ----

INSERT INTO headroom.batch (
    batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added, duplicate, quarantined,
    events_digest, facts_digest, loaded_at, loaded_by, program)
VALUES (1, 'events', 'test', 'json', 1, 1, 0, 0, 300, 300, 0, 0, '', '', '2026-01-01Z', 'test', 'test');
SELECT setseed(0.5);
DO $$
DECLARE
    at timestamptz;
BEGIN
    FOR i IN 1..300 LOOP
        at := TIMESTAMPTZ '2026-01-01Z' + floor(random() * 4000) * INTERVAL '1 hour';
        PERFORM pg_temp.event('acme', at, (ARRAY['1', '2', '@amy', '~app'])[1 + floor(random() * 4)],
            (ENUM_RANGE(NULL::headroom.class))[1 + floor(random() * 4)]);
    END LOOP;
    INSERT INTO headroom.batch_source (batch_id, contract_id, source, events, first_event, last_event)
    SELECT 1, contract_id, 's', 300, min(occurred_at), max(occurred_at) FROM headroom.event GROUP BY contract_id;
END
$$;

CREATE FUNCTION pg_temp.random_terms(month date)
RETURNS json
LANGUAGE sql
AS $$
    SELECT pg_temp.terms(
        month + floor(random() * 28)::integer, floor(random() * 9)::bigint, 1 + floor(random() * 31)::integer,
        (ARRAY['UTC', 'Asia/Tokyo', 'America/Havana', 'Pacific/Kiritimati'])[1 + floor(random() * 4)])
$$;

CREATE TEMP VIEW used AS
SELECT contract_id, to_jsonb(u) - 'contract_id' AS row FROM headroom.usage AS u
UNION ALL
SELECT contract_id, to_jsonb(d) - 'contract_id' FROM headroom.daily AS d;

-- Steps through random documents; after each, the usage must be that of all months made from nothing.
CREATE FUNCTION pg_temp.walk(steps integer, OUT taken integer, OUT wrong integer, OUT lost integer)
LANGUAGE plpgsql
AS $$
DECLARE
    acme CONSTANT bigint := pg_temp.contract_id('acme');
    kept jsonb[];
BEGIN
    taken := 0;
    wrong := 0;
    lost := 0;
    FOR step IN 1..steps LOOP
        BEGIN
            PERFORM pg_temp.apply(pg_temp.document(
                'acme', CASE WHEN random() < 0.5 THEN DATE '2026-05-01' + floor(random() * 60)::integer END,
                VARIADIC (ARRAY[
                    pg_temp.random_terms('2026-01-01'), pg_temp.random_terms('2026-02-01'),
                    pg_temp.random_terms('2026-04-01')])[:1 + floor(random() * 3)::integer]));
        EXCEPTION WHEN SQLSTATE 'HR001' THEN
            CONTINUE;
        END;
        taken := taken + 1;
        kept := ARRAY(SELECT u.row FROM used AS u WHERE u.contract_id = acme ORDER BY u.row);
        lost := lost + (300 - (SELECT sum(d.requests) FROM headroom.daily AS d WHERE d.contract_id = acme))::integer;
        DELETE FROM headroom.usage;
        DELETE FROM headroom.daily;
        PERFORM headroom.rebuild_usage(acme, m::date), headroom.rebuild_daily(acme, m::date)
        FROM generate_series(TIMESTAMP '2025-10-01', '2026-09-01', INTERVAL '1 month') AS m;
        PERFORM headroom.rebuild_daily(acme, NULL);
        IF kept <> ARRAY(SELECT u.row FROM used AS u WHERE u.contract_id = acme ORDER BY u.row) THEN
            wrong := wrong + 1;
        END IF;
    END LOOP;
END
$$;
SELECT w.* FROM pg_temp.walk(12) AS w \gset
SELECT cmp_ok(:taken, '>', 4, 'many random documents are taken');
SELECT is(:wrong, 0, 'after each the usage and the requests by day are as made from nothing');
SELECT is(:lost, 0, 'and no request is lost');
SELECT is_empty(
    $$
    SELECT t.valid_from
    FROM headroom.term_in_force AS t
    GROUP BY t.contract_id, t.valid_from
    HAVING count(*) > 1
    $$,
    'one set of terms a date');

-- ---- months that are told ----

SELECT pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01'))) AS reset \gset
SELECT matches(
    pg_temp.apply(pg_temp.document('acme', NULL, pg_temp.terms('2026-01-01'), pg_temp.terms('2026-05-01', 6))),
    '^[0-9]+ \{2026-05-01,2026-06-01\}$', 'another limit: the months from then on that have events');
SELECT matches(
    pg_temp.apply(pg_temp.document(
        'acme', NULL, pg_temp.terms('2026-01-01'), pg_temp.terms('2026-05-10', 5, billing_day => 10))),
    '^[0-9]+ \{2026-04-01,2026-05-01,2026-06-01\}$', 'another day: the month before too');

SELECT * FROM finish();
ROLLBACK;
