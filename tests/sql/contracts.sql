-- SPDX-License-Identifier: MIT
-- Making contracts, and the chain that their terms hang on.
BEGIN;
SELECT plan(49);

SET LOCAL timezone = 'America/New_York';

-- A contract with one value changed; the rest is in order.
CREATE FUNCTION pg_temp.add(
    name text DEFAULT 'acme', unit_limit bigint DEFAULT 500, unit_price numeric DEFAULT 2.50,
    currency text DEFAULT 'USD', billing_day integer DEFAULT 1, time_zone text DEFAULT 'UTC',
    valid_from date DEFAULT '2026-01-01', counting text DEFAULT 'answered')
RETURNS bigint
LANGUAGE sql
AS $$
    SELECT headroom.contract_add(
        name, unit_limit, unit_price, currency, billing_day, time_zone, valid_from, counting,
        '2026-01-02T03:04:05.678901Z', 'ann')
$$;

-- ---- refusals: SQLSTATE, a message for a person, a hint ----

SELECT throws_like(format('SELECT pg_temp.add(%s)', r.argument), r.message, 'refused: ' || left(r.argument, 60))
FROM (VALUES
    ('name => ''''', 'bad contract name%'),
    ('name => NULL', 'bad contract name%'),
    ('name => '' acme''', 'bad contract name%'),
    ('name => E''a\nb''', 'bad contract name%'),
    ('name => repeat(''x'', 101)', 'bad contract name%'),
    ('name => repeat(''x'', 99) || ''é''', 'bad contract name%'),
    ('name => E''a\u009bb''', 'bad contract name%'),
    ('name => E''a\x7fb''', 'bad contract name%'),
    ('unit_limit => -1', 'bad limit -1%'),
    ('unit_price => NULL', 'bad price (none)%'),
    ('unit_price => -0.01', 'bad price -0.01%'),
    ('unit_price => ''NaN''', 'bad price NaN%'),
    ('unit_price => ''Infinity''', 'bad price Infinity%'),
    ('unit_price => 1e12', 'bad price 1000000000000%'),
    ('unit_price => 0.1234567890123', 'bad price 0.1234567890123%'),
    ('currency => ''usd''', 'unknown currency ''usd''%'),
    ('currency => NULL', 'unknown currency (none)%'),
    ('billing_day => 0', 'bad billing day 0%'),
    ('billing_day => 32', 'bad billing day 32%'),
    ('billing_day => NULL', 'bad billing day (none)%'),
    ('time_zone => ''Mars/Olympus''', 'unknown time zone ''Mars/Olympus''%'),
    ('time_zone => ''utc''', 'unknown time zone ''utc''%'),
    ('time_zone => NULL', 'unknown time zone (none)%'),
    ('valid_from => ''2005-12-31''', 'bad start 2005-12-31%'),
    ('valid_from => ''infinity''', 'bad start infinity%'),
    ('valid_from => NULL', 'bad start (none)%'),
    ('counting => ''asked''', 'unknown counting rule ''asked''%'),
    ('counting => ''answered +app''', 'unknown counting rule%')
) AS r (argument, message);
SELECT throws_ok('SELECT pg_temp.add(billing_day => 0)', 'HR001', NULL, 'a bad value is HR001');
SELECT lives_ok(
    $$
    SELECT headroom.check_contract(repeat('x', 98) || 'é', 0, 1, 'EUR', 1, 'UTC', '2026-01-01', 'answered')
    $$,
    'a name of 100 bytes is none');

CREATE FUNCTION pg_temp.hint(statement text)
RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE statement;
    RETURN NULL;
EXCEPTION WHEN SQLSTATE 'HR001' THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END
$$;
SELECT is(pg_temp.hint('SELECT pg_temp.add(time_zone => ''europe/berlin'')'), 'Did you mean ''Europe/Berlin''?',
    'a near zone');
SELECT matches(pg_temp.hint('SELECT pg_temp.add(time_zone => ''Berlin'')'), 'America/New_York',
    'an example where none is');
SELECT is((SELECT count(*) FROM headroom.contract), 0::bigint, 'a refusal leaves nothing');
SELECT is((SELECT count(*) FROM headroom.chain), 0::bigint, 'also in the chain');

-- ---- what is made ----

SELECT pg_temp.add() AS acme \gset
SELECT is(
    (SELECT to_jsonb(t) - ARRAY['term_id', 'contract_id', 'created_at'] FROM headroom.term AS t),
    '{"valid_from": "2026-01-01", "time_zone": "UTC", "billing_day": 1, "counting": "answered", "unit_limit": 500,
    "currency": "USD", "pricing": "flat", "package_size": null, "fee": null, "minimum": null, "cap": null,
    "tolerance_units": 0, "tolerance_cliff": false, "proration": "none", "created_by": "ann",
    "retired_in": null}'::jsonb, 'its terms');
SELECT is((SELECT (tier, up_to, unit_price, flat_fee)::text FROM headroom.term_tier), '(1,,2.50,)',
    'its price, with all digits');
SELECT is((SELECT count(*) FROM headroom.contract_lock), 1::bigint, 'its lock');
SELECT throws_ok('SELECT pg_temp.add()', 'HR002', 'contract ''acme'' is there already',
    'a name that is taken is HR002');
SELECT lives_ok('SELECT pg_temp.add(''Acme'', NULL, 0.123456789012, ''KWD'', 31, ''America/New_York'')',
    'another name');
SELECT lives_ok('SELECT pg_temp.add(''zero'', 0, 0)', 'a limit and a price of 0');

-- ---- the chain ----

SELECT is((SELECT (count(*), min(seq), max(seq))::text FROM headroom.chain), '(6,1,6)', 'two links for each: its terms and its version');
SELECT is(
    (SELECT previous_digest FROM headroom.chain WHERE seq = 1), decode(repeat('00', 32), 'hex'),
    'it begins with zeros');
SELECT is_empty(
    $$ SELECT * FROM headroom.chain AS c JOIN headroom.chain AS b ON b.seq = c.seq - 1
        WHERE c.previous_digest <> b.digest $$,
    'each link holds the one before');
SELECT is(
    (SELECT (h.seq, h.digest)::text FROM headroom.chain_head AS h),
    (SELECT (c.seq, c.digest)::text FROM headroom.chain AS c ORDER BY c.seq DESC LIMIT 1), 'the head is the last');
SELECT is_empty(
    $$
    SELECT c.*
    FROM headroom.chain AS c
    WHERE c.digest <> sha256(convert_to(format(
        E'headroom-chain-1\n%s\n%s\n%s\n%s\n%s\n1767323045678901\n', c.seq, c.kind, c.subject_id,
        encode(c.content_digest, 'hex'), encode(c.previous_digest, 'hex')), 'UTF8'))
    $$,
    'the digest is that of the documented text, with the time in microseconds');
SELECT headroom.chain_append('batch', 42, '\x00ff', '2026-02-01Z') AS appended \gset
SELECT is((SELECT digest FROM headroom.chain_head), :'appended', 'appending returns the new head');
SELECT is((SELECT (seq, kind, subject_id)::text FROM headroom.chain WHERE seq = 7), '(7,batch,42)',
    'as a link of its kind');

CREATE TEMP TABLE content AS
SELECT t.term_id, headroom.term_content(t.term_id) AS digest FROM headroom.term AS t;
SELECT is(
    (SELECT array_agg(c.content_digest ORDER BY c.seq) FROM headroom.chain AS c WHERE c.kind = 'terms'),
    (SELECT array_agg(digest ORDER BY term_id) FROM content), 'what the links stand for can be computed again');
UPDATE headroom.term_tier SET unit_price = 2.5;
UPDATE headroom.term SET unit_limit = 501 WHERE contract_id = :acme;
SELECT is(
    (SELECT count(*) FROM content WHERE digest = headroom.term_content(term_id)), 0::bigint,
    'and tells any change of a value, its digits too');

SELECT * FROM finish();
ROLLBACK;
