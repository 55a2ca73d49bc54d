-- SPDX-License-Identifier: MIT
-- Partitions of the events: one a month of UTC, made by the writer through one function.
BEGIN;
SELECT plan(20);

SET LOCAL timezone = 'Pacific/Auckland';

CREATE FUNCTION pg_temp.partitions()
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(c.relname, ' ' ORDER BY c.relname)
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'headroom.event'::regclass
$$;

SELECT is(pg_temp.partitions(), NULL, 'none from the start');
SET LOCAL ROLE headroom_writer;
SELECT lives_ok($$ SELECT headroom.ensure_partition('2026-10-31T23:59:59.999999Z') $$, 'the writer makes one');
RESET ROLE;
SELECT is(pg_temp.partitions(), 'event_2026_10', 'named by the month in UTC');
SELECT is(
    (SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'headroom.event_2026_10'::regclass),
    format('FOR VALUES FROM (%L) TO (%L)', '2026-10-01Z'::timestamptz, '2026-11-01Z'::timestamptz),
    'from the first instant of the month to that of the next');
SELECT table_owner_is('headroom', 'event_2026_10', 'headroom_owner', 'the owner''s');
SELECT lives_ok($$ SELECT headroom.ensure_partition('2026-10-01Z') $$, 'that it is there already is success');
SELECT is(pg_temp.partitions(), 'event_2026_10', 'and makes no second one');
SELECT lives_ok(
    $$
    SELECT headroom.ensure_partition(t)
    FROM unnest(ARRAY['2026-09-30T23:59:59Z', '2026-11-01Z']::timestamptz[]) AS t
    $$,
    'the months beside it');
SELECT is(pg_temp.partitions(), 'event_2026_09 event_2026_10 event_2026_11', 'are other partitions');
SELECT throws_ok($$ SELECT headroom.ensure_partition('2005-12-31Z') $$, 'HR001', NULL, 'none before 2006');
SELECT throws_ok($$ SELECT headroom.ensure_partition('infinity') $$, 'HR001', NULL, 'none for no time');

SELECT is(
    (SELECT count(*) FROM pg_index WHERE indrelid = 'headroom.event_2026_10'::regclass),
    (SELECT count(*) FROM pg_index WHERE indrelid = 'headroom.event'::regclass), 'with every index of the parent');
SELECT is_empty(
    $$
    SELECT i.indexrelid::regclass
    FROM pg_index AS i
    WHERE i.indrelid = 'headroom.event_2026_10'::regclass
        AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
    $$,
    'each attached to it');

-- How a caller writes times must not move a bound: 'IST' is read as another zone's, and 03/04 as April or March.
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL ROLE headroom_writer;
SELECT lives_ok($$ SELECT headroom.ensure_partition('2026-04-03Z') $$, 'in a session that writes times in its own way');
RESET ROLE;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO';
SELECT is(
    (SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'headroom.event_2026_04'::regclass),
    $$FOR VALUES FROM ('2026-04-01 00:00:00+00') TO ('2026-05-01 00:00:00+00')$$, 'the same bounds');
SET LOCAL timezone = 'Pacific/Auckland';
SELECT headroom.ensure_partition('2026-03-31T23:59:59Z'), headroom.ensure_partition('2026-05-01Z');
SELECT is(pg_temp.partitions(),
    'event_2026_03 event_2026_04 event_2026_05 event_2026_09 event_2026_10 event_2026_11', 'with room beside it');

SET LOCAL ROLE headroom_reader;
SELECT throws_ok($$ SELECT headroom.ensure_partition('2026-12-01Z') $$, '42501', NULL, 'a reader makes none');
RESET ROLE;

-- The function runs with the owner's rights: what the caller's search path finds must not get into it.
CREATE SCHEMA caller;
GRANT USAGE ON SCHEMA caller TO headroom_writer;
CREATE FUNCTION caller.to_char(timestamp, text)
RETURNS text
LANGUAGE sql
AS $$ SELECT 'caught' $$;
SET LOCAL search_path = caller, pg_catalog, public;
SET LOCAL ROLE headroom_writer;
SELECT is(to_char(TIMESTAMP '2027-01-01', 'YYYY'), 'caught', 'in the caller''s session');
SELECT headroom.ensure_partition('2027-01-01Z');
RESET ROLE;
SELECT has_table('headroom'::name, 'event_2027_01'::name, 'the caller''s own functions are not used');
SELECT hasnt_table('headroom'::name, 'caught'::name, 'nor what they say');

SELECT * FROM finish();
ROLLBACK;
