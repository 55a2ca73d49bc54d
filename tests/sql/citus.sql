-- SPDX-License-Identifier: MIT
-- The schema on a live Citus: the large tables are distributed by subject as they are. Skipped where there is no Citus.
SELECT count(*) = 0 AS no_citus FROM pg_available_extensions WHERE name = 'citus' \gset
\if :no_citus
SELECT '1..0 # SKIP this server has no Citus (pg_available_extensions): the schema rules are asked of the catalog only';
\quit
\endif

CREATE EXTENSION IF NOT EXISTS citus;
BEGIN;
SELECT plan(14);

SELECT lives_ok(format('SELECT create_reference_table(%L)', t.name), t.name || ' is a reference table')
FROM (VALUES ('headroom.currency'), ('headroom.contract'), ('headroom.contract_version'), ('headroom.term'), ('headroom.term_tier')) AS t (name);
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.event', 'subject', shard_count => 4) $$, 'events by subject');
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.usage', 'subject', colocate_with => 'headroom.event') $$,
    'usage beside them');
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.identity_fact', 'subject', colocate_with => 'headroom.event') $$,
    'identity facts');
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.identity_claim', 'subject', colocate_with => 'headroom.event') $$,
    'and what imports say of handles');
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.seal_owner', 'subject', colocate_with => 'headroom.event') $$,
    'owners of seals alike');
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.seal_uncounted', 'subject', colocate_with => 'headroom.event') $$,
    'and those that did not count');
SELECT lives_ok(
    $$ SELECT create_distributed_table('headroom.invoice_handle', 'subject', colocate_with => 'headroom.event') $$,
    'the vendor''s lists alike');
SELECT lives_ok($$ SELECT headroom.ensure_partition('2026-10-15Z') $$, 'a partition is made as on one server');
SELECT lives_ok(
    $$
    INSERT INTO headroom.event (
        occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal, position)
    SELECT '2026-10-15Z'::timestamptz + n * INTERVAL '1 minute', 1, 's', n::text, n::text, false, 'answered', 1, n, n
    FROM generate_series(1, 100) AS n
    ON CONFLICT DO NOTHING
    $$,
    'and takes events');

SELECT * FROM finish();
ROLLBACK;
