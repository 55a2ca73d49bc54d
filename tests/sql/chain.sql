-- SPDX-License-Identifier: MIT
-- The links of the chain: what each is made of, and that each holds the one before.
BEGIN;
SELECT plan(18);

SET LOCAL timezone = 'Australia/Lord_Howe';

SELECT is(headroom.epoch_us('2026-01-01 00:00:00.000001Z'), 1767225600000001, 'an instant is microseconds since 1970');
SELECT is(headroom.epoch_us('9999-12-31 23:59:59.999999Z'), 253402300799999999, 'exact in every year');

-- What a link's digest is over, written out once.
SELECT is(
    headroom.chain_digest(
        5, 'batch', 7, sha256('content'), decode(repeat('00', 32), 'hex'), '2026-01-01 00:00:00.000001Z'),
    sha256(convert_to(
        E'headroom-chain-1\n5\nbatch\n7\n' || encode(sha256('content'), 'hex') || E'\n' || repeat('0', 64)
            || E'\n1767225600000001\n',
        'UTF8')),
    'eight lines of text, the last one empty');
SELECT isnt(
    headroom.chain_digest(1, 'batch', 12, sha256('a'), sha256('b'), '2026-01-01Z'),
    headroom.chain_digest(1, 'batch1', 2, sha256('a'), sha256('b'), '2026-01-01Z'),
    'a value does not run into the next');

SELECT is((SELECT (h.seq, encode(h.digest, 'hex'))::text FROM headroom.chain_head AS h), '(0,' || repeat('0', 64) || ')',
    'a chain begins with zeros');
SELECT headroom.chain_append('batch', 7, sha256('one'), '2026-01-01Z') AS first \gset
SELECT headroom.chain_append('terms', 8, sha256('two'), '2026-01-02Z') AS second \gset
SELECT is((SELECT array_agg(c.seq ORDER BY c.seq) FROM headroom.chain AS c), '{1,2}', 'links are numbered without gaps');
SELECT is((SELECT c.previous_digest FROM headroom.chain AS c WHERE c.seq = 2), :'first'::bytea,
    'each holds the digest of the one before');
SELECT is_empty(
    $$
    SELECT c.seq
    FROM headroom.chain AS c
    WHERE c.digest <> headroom.chain_digest(
        c.seq, c.kind, c.subject_id, c.content_digest, c.previous_digest, c.linked_at)
    $$,
    'and its own is that of its values');
SELECT is((SELECT (h.seq, h.digest)::text FROM headroom.chain_head AS h), format('(2,"%s")', replace(:'second', '\', '\\')),
    'the head is the last one');

SELECT ok(NOT headroom.link_holds('terms', 8, sha256('two')), 'a link does not hold when what it is about is gone');
SELECT ok(NOT headroom.link_holds('invoice', 8, sha256('two')), '  a document of the vendor');
SELECT ok(headroom.link_holds('a later kind', 8, sha256('two')), 'a kind that is not known is left to verify');

-- ---- who may do what ----

SET LOCAL ROLE headroom_writer;
SELECT lives_ok($$ SELECT headroom.chain_append('batch', 9, sha256('three'), '2026-01-03Z') $$, 'the writer may add a link');
SELECT throws_ok('UPDATE headroom.chain SET linked_at = linked_at', '42501', NULL, 'but change none');
SELECT throws_ok('DELETE FROM headroom.chain', '42501', NULL, 'and take none away');
SELECT throws_ok('DELETE FROM headroom.chain_head', '42501', NULL, 'nor the head');
SET LOCAL ROLE headroom_reader;
SELECT throws_ok(
    $$ SELECT headroom.chain_append('batch', 9, sha256('three'), '2026-01-03Z') $$, '42501', NULL,
    'the reader may not even add one');
RESET ROLE;

-- ---- what links stand for ----

SELECT headroom.contract_add(
    name => 'acme', unit_limit => 10, unit_price => 2.50, currency => 'USD', billing_day => 1, time_zone => 'UTC',
    valid_from => '2026-01-01', counting => 'answered', at => '2026-01-01Z', by_whom => 'test');
CREATE FUNCTION pg_temp.shows(change text)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    term CONSTANT bigint NOT NULL := (SELECT max(t.term_id) FROM headroom.term AS t);
    before CONSTANT bytea NOT NULL := headroom.term_content(term);
    shows boolean;
BEGIN
    EXECUTE change;
    shows := headroom.term_content(term) <> before;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'HR999';
EXCEPTION WHEN SQLSTATE 'HR999' THEN
    RETURN shows;
END
$$;
SELECT is_empty(
    $$
    SELECT c.change
    FROM (VALUES
        ('term SET valid_from = valid_from + 1'), ('term SET time_zone = ''Europe/Paris'''), ('term SET billing_day = 2'),
        ('term SET counting = ''attempted'''), ('term SET unit_limit = NULL'), ('term SET unit_limit = 11'),
        ('term SET currency = ''EUR'''), ('term SET pricing = ''graduated'''),
        ('term SET pricing = ''package'', package_size = 5'), ('term SET fee = 0'), ('term SET minimum = 1'),
        ('term SET cap = 9'), ('term SET tolerance_units = 1'), ('term SET tolerance_cliff = true'),
        ('term SET proration = ''daily'''), ('term SET created_at = created_at + INTERVAL ''1 us'''),
        ('term SET created_by = ''x'''), ('contract SET name = ''x'''), ('term_tier SET up_to = 1'),
        ('term_tier SET unit_price = 2.51'), ('term_tier SET flat_fee = 0')
    ) AS c (change)
    WHERE NOT pg_temp.shows('UPDATE headroom.' || c.change)
    $$,
    'every value of terms and their prices is in what their link stands for');

SELECT * FROM finish();
ROLLBACK;
