-- SPDX-License-Identifier: MIT
-- The schema rules that Citus needs, and who may do what, asked of the catalog. Each query names what breaks its rule.
BEGIN;
SELECT plan(48);

-- The tables that are distributed by subject, with a partition, which must be as its parent; and what stands beside.
SELECT headroom.ensure_partition('2026-10-15Z');
CREATE TEMP VIEW distributed AS
SELECT c.oid, c.relname
FROM pg_class AS c
WHERE c.oid IN (
    'headroom.event'::regclass, 'headroom.event_2026_10'::regclass, 'headroom.usage'::regclass,
    'headroom.identity_fact'::regclass, 'headroom.identity_claim'::regclass, 'headroom.seal_owner'::regclass,
    'headroom.invoice_handle'::regclass, 'headroom.seal_uncounted'::regclass);
CREATE TEMP VIEW large AS
SELECT oid, relname FROM distributed
UNION ALL
SELECT t.oid, t.relname
FROM pg_class AS t
WHERE t.oid IN ('headroom.daily'::regclass, 'headroom.daily_failure'::regclass, 'headroom.rate_minute'::regclass,
    'headroom.usage_total'::regclass);

-- ---- rule 1: distributed by subject; rule 2: unique keys ----

SELECT is(
    (SELECT string_agg(d.relname, ' ' ORDER BY d.relname)
    FROM distributed AS d
    JOIN pg_attribute AS a ON a.attrelid = d.oid AND a.attname = 'subject'
    JOIN pg_collation AS l ON l.oid = a.attcollation
    WHERE a.atttypid = 'text'::regtype AND l.collname = 'C' AND a.attnotnull AND a.attgenerated = ''),
    'event event_2026_10 identity_claim identity_fact invoice_handle seal_owner seal_uncounted usage', 'subject is text COLLATE "C" NOT NULL in each');
SELECT is_empty(
    $$
    SELECT i.indexrelid::regclass
    FROM pg_index AS i
    JOIN distributed AS d ON d.oid = i.indrelid
    JOIN pg_attribute AS a ON a.attrelid = d.oid AND a.attname = 'subject'
    WHERE (i.indisunique OR i.indisexclusion) AND NOT a.attnum = ANY (i.indkey::smallint[])
    $$,
    'every unique key holds subject as a plain column');
SELECT is_empty(
    $$
    SELECT i.indexrelid::regclass
    FROM pg_index AS i
    JOIN distributed AS d ON d.oid = i.indrelid
    WHERE i.indisunique AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL)
    $$,
    'and is neither partial nor of expressions');
SELECT is(
    (SELECT count(*) FROM distributed AS d WHERE NOT EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = d.oid AND i.indisprimary)),
    0::bigint, 'each has a primary key');
SELECT is_empty(
    $$
    SELECT i.indexrelid::regclass
    FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid IN ('headroom.event'::regclass, 'headroom.event_2026_10'::regclass)
        AND i.indisunique AND a.attname <> 'occurred_at'
    $$,
    'the key of event begins with the time');
SELECT is(
    (SELECT string_agg(a.attname, ', ' ORDER BY k.ordinality)
    FROM pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, ordinality)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = 'headroom.event'::regclass AND i.indisprimary),
    'occurred_at, contract_id, source, event_id, subject, via_app, class', 'it is the identity of an event');
SELECT is(
    (SELECT (p.partstrat, p.partnatts, a.attname, p.partdefid, p.partexprs IS NULL)::text
    FROM pg_partitioned_table AS p
    JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = 'headroom.event'::regclass),
    '(r,1,occurred_at,0,t)', 'event is partitioned by range of its time alone, without a default partition');
SELECT is_empty(
    $$
    SELECT c.oid::regclass
    FROM pg_class AS c
    WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind = 'p' AND c.oid <> 'headroom.event'::regclass
    $$,
    'one level of partitions, of event alone');

-- ---- rule 3: the usage's bits; rule 4: BRIN ----

SELECT is(
    (SELECT string_agg(a.attname, ' ' ORDER BY a.attnum)
    FROM pg_attribute AS a
    WHERE a.attrelid = 'headroom.usage'::regclass AND a.attname LIKE '%\_days'
        AND a.atttypid = 'bigint'::regtype AND a.attnotnull),
    'attempted_days answered_days delivered_days', 'day bits are bigint');
SELECT is(
    (SELECT count(*)
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_am AS m ON m.oid = c.relam
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid IN ('headroom.event'::regclass, 'headroom.event_2026_10'::regclass)
        AND m.amname = 'brin' AND a.attname = 'batch_id' AND i.indnatts = 1),
    2::bigint, 'a BRIN on batch_id, in each partition too');

-- ---- rule 5: nothing hangs on the large tables ----

SELECT is_empty(
    $$ SELECT t.tgname FROM pg_trigger AS t JOIN large AS l ON l.oid = t.tgrelid $$, 'no triggers');
SELECT is_empty(
    $$ SELECT r.rulename FROM pg_rewrite AS r JOIN large AS l ON l.oid = r.ev_class $$, 'no rules');
SELECT is_empty(
    $$ SELECT p.polname FROM pg_policy AS p JOIN large AS l ON l.oid = p.polrelid $$, 'no policies');
SELECT is_empty(
    $$
    SELECT c.relname
    FROM pg_class AS c
    JOIN large AS l USING (oid)
    WHERE c.relrowsecurity OR c.relforcerowsecurity
    $$,
    'no row security');
SELECT is_empty(
    $$
    SELECT k.conname
    FROM pg_constraint AS k
    WHERE k.contype = 'f' AND (k.conrelid IN (SELECT oid FROM large) OR k.confrelid IN (SELECT oid FROM large))
    $$,
    'no foreign keys from or to them');

-- ---- rule 6: identities, routines, statements ----

SELECT is_empty(
    $$
    SELECT a.attrelid::regclass, a.attname
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'headroom'::regnamespace AND a.attidentity <> '' AND a.atttypid <> 'bigint'::regtype
    $$,
    'identities are bigint');
SELECT cmp_ok(
    (SELECT count(*) FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'headroom'::regnamespace AND a.attidentity <> ''),
    '>=', 4::bigint, 'of which there are some');
SELECT is_empty(
    $$
    SELECT c.oid::regclass
    FROM pg_class AS c
    WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind = 'S'
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'i')
    $$,
    'no sequences of their own');
CREATE TEMP VIEW routine AS
SELECT p.oid::regprocedure AS routine, l.lanname, p.pronargs, pg_get_functiondef(p.oid) AS text
FROM pg_proc AS p
JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.pronamespace = 'headroom'::regnamespace AND p.prokind <> 'a';
SELECT is_empty(
    $$
    SELECT routine
    FROM routine
    WHERE lanname <> 'plpgsql' AND text ~* '\mheadroom\.(event|usage|identity_fact|identity_claim|daily|daily_failure|rate_minute|usage_total|fact|claim|taken_handle|seal_owner|seal_uncounted|invoice_handle)\M'
    $$,
    'routines that read them are PL/pgSQL');
SELECT cmp_ok(
    (SELECT count(*) FROM routine WHERE text ~* '\mheadroom\.(event|usage|identity_fact|identity_claim|daily|daily_failure|seal_owner|seal_uncounted|invoice_handle)\M'), '>=', 5::bigint,
    'of which there are some');
SELECT is_empty(
    $$
    SELECT routine
    FROM routine
    WHERE text ~* '\m(rollup|cube|grouping\s+sets)\M' OR text ~* '\mwith\s+recursive\M'
    $$,
    'no ROLLUP, CUBE or recursive query');
SELECT is_empty(
    $$
    SELECT routine
    FROM routine
    WHERE text ~* '\m(now\s*\(\s*\)|current_timestamp|current_date|localtimestamp|clock_timestamp|statement_timestamp)'
    $$,
    'no clock in any routine: the time comes as a parameter, in DO UPDATE and elsewhere');
SELECT is_empty(
    $$
    SELECT routine
    FROM routine
    WHERE text ~* '\mfor\s+update\M' AND text ~* '\mheadroom\.(event|usage|identity_fact|identity_claim|seal_owner|seal_uncounted|invoice_handle)\M'
    $$,
    'no FOR UPDATE over their rows');
SELECT is(
    (SELECT string_agg(p.proname, ' ' ORDER BY p.proname)
    FROM pg_proc AS p
    WHERE p.pronamespace = 'headroom'::regnamespace AND p.prosecdef
        AND NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)),
    NULL, 'what runs with the owner''s rights has a fixed search path');
CREATE TEMP VIEW timed AS
SELECT p.oid::regprocedure AS routine, coalesce(p.proconfig, '{}') AS settings
FROM pg_proc AS p
WHERE p.pronamespace = 'headroom'::regnamespace AND p.prosecdef
    AND pg_get_functiondef(p.oid) ~* '\m(timestamptz|timestamp|date)\M';
SELECT is_empty(
    $$ SELECT routine FROM timed WHERE NOT lower(settings::text)::text[] @> '{timezone=utc,"datestyle=iso, ymd"}' $$,
    'and, where it knows of times, a fixed way to write them');
SELECT isnt_empty('SELECT routine FROM timed', 'as one does');
SELECT is_empty(
    $$
    SELECT p.oid::regprocedure
    FROM pg_proc AS p
    CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    WHERE p.pronamespace = 'headroom'::regnamespace AND p.prosecdef AND a.grantee = 0
    $$,
    'and not everybody may call it');

-- ---- privileges ----

CREATE TEMP VIEW held AS
SELECT c.relname, r.rolname, p.privilege
FROM pg_class AS c
CROSS JOIN (VALUES ('headroom_writer'), ('headroom_reader')) AS r (rolname)
CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    AND has_table_privilege(r.rolname, c.oid, p.privilege);
SELECT is_empty($$ SELECT * FROM held WHERE rolname = 'headroom_reader' $$, 'the reader writes no table');
SELECT is_empty(
    $$
    SELECT c.relname, a.attname
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind IN ('r', 'p')
        AND has_column_privilege('headroom_reader', c.oid, a.attnum, 'INSERT, UPDATE')
    $$,
    'nor any column of one');
SELECT is_empty(
    $$
    SELECT c.relname
    FROM pg_class AS c
    WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
        AND NOT (has_table_privilege('headroom_reader', c.oid, 'SELECT') = (c.relname NOT IN ('gateway_key', 'api_key'))
            AND has_table_privilege('headroom_writer', c.oid, 'SELECT'))
    $$,
    'both read every table and view, but those with keys the writer alone');
SELECT is(
    (SELECT string_agg(a.attname, ' ')
    FROM pg_attribute AS a
    WHERE a.attrelid = 'headroom.api_key'::regclass AND a.attnum > 0
        AND NOT has_column_privilege('headroom_reader', a.attrelid, a.attnum, 'SELECT')),
    'digest', 'though the reader sees whose API keys there are');
SELECT is(
    (SELECT string_agg(relname || ' ' || privilege, ', ' ORDER BY relname, privilege)
    FROM held WHERE rolname = 'headroom_writer' AND privilege <> 'INSERT'),
    'contract_alternative DELETE, contract_answer DELETE, contract_app DELETE, contract_intent DELETE, '
        || 'gate_pass DELETE, log_format DELETE, log_format UPDATE, usage UPDATE, usage_total UPDATE',
    'of whole rows the writer changes the usage, its totals and kept formats, and deletes those, its intents, the gate''s passes and what a contract says beside its terms');
SELECT is_empty(
    $$ SELECT * FROM held WHERE relname IN ('source_total', 'source_day') $$,
    'what sources brought up to now only routines with the owner''s rights write');
SELECT is(
    (SELECT string_agg(c.relname || '.' || a.attname, ' ' ORDER BY c.relname, a.attname)
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind IN ('r', 'p')
        AND has_column_privilege('headroom_writer', c.oid, a.attnum, 'UPDATE')
        AND NOT has_table_privilege('headroom_writer', c.oid, 'UPDATE')),
    'api_key.revoked_at api_key.revoked_by chain_head.digest chain_head.seq contract.dispute_days contract.ends_on contract.notes contract_lock.touched '
        || 'gate_lock.touched gate_pass.passed_at gate_pass.until_before gateway_spool.settled gateway_spool.settled_time gateway_spool.taken source_listened.since source_listened.until source_until.until term.retired_in',
    'of single columns that an API key is revoked, the chain''s head, what a contract says, which terms hold, the locks'' times, up to when a pass holds, which requests of a spool came, how far an endpoint has listened and up to when a source was read');

-- What the catalog says, tried.
SET LOCAL ROLE headroom_writer;
SELECT throws_ok('DELETE FROM headroom.event', '42501', NULL, 'the writer cannot delete an event');
SELECT throws_ok('UPDATE headroom.batch SET added = 0', '42501', NULL, 'nor change a batch''s totals');
SELECT throws_ok('TRUNCATE headroom.chain', '42501', NULL, 'nor empty the chain');
SELECT throws_ok('DELETE FROM headroom.event_2026_10', '42501', NULL, 'nor delete from a partition');
SELECT throws_ok('UPDATE headroom.seal SET charge = 0', '42501', NULL, 'nor what a closed month was');
SELECT throws_ok('DELETE FROM headroom.seal_owner', '42501', NULL, 'nor whom it counted');
SELECT throws_ok('DELETE FROM headroom.seal_uncounted', '42501', NULL, 'nor whom it did not');
SELECT throws_ok('DELETE FROM headroom.reopening', '42501', NULL, 'nor that it was opened again');
SELECT throws_ok('UPDATE headroom.adjustment SET amount = 0', '42501', NULL, 'nor what was carried');
SELECT throws_ok('UPDATE headroom.invoice SET amount = 0', '42501', NULL, 'nor what a document said');
SELECT throws_ok('UPDATE headroom.report_written SET file_digest = sha256('''')', '42501', NULL, 'nor which report was written');
SELECT throws_ok('DELETE FROM headroom.invoice_decision', '42501', NULL, 'nor what was decided of it');
SELECT throws_ok('UPDATE headroom.invoice_handle SET line = 1', '42501', NULL, 'nor a line of the vendor''s list');
SELECT throws_ok('UPDATE headroom.forecast_said SET p50 = 0', '42501', NULL, 'nor what a forecast said');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
