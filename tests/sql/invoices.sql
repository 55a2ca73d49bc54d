-- SPDX-License-Identifier: MIT
-- The vendor's figures against ours: what documents add up to, what they could differ by and why, and the vendor's list
-- handle by handle. Every expected figure is counted by hand from the few events above it.
BEGIN;
SELECT plan(46);

\ir lib/ledger.psql

-- Takes down a document of a month: dated the 5th of April unless said otherwise.
CREATE FUNCTION pg_temp.document(
    contract text, month date, number text, handles bigint, amount text, kind text DEFAULT 'invoice',
    dated text DEFAULT '2026-04-05')
RETURNS bigint
LANGUAGE sql
AS $$
    SELECT headroom.invoice_add(
        of_contract => pg_temp.contract_id(contract), of_month => month, number => number, kind => kind,
        invoice_date => dated, handles => handles::text, amount => amount, currency => 'USD', document => NULL,
        document_sha256 => NULL, at => '2026-05-01Z', by_whom => 'test')
$$;

-- The figures of a check: result, ours, theirs, the difference, and what count and price make of it.
CREATE FUNCTION pg_temp.checked(contract text, month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT format(
        '%s: ours %s for %s, %s of theirs %s for %s, difference %s for %s, count %s, price %s', result, unique_handles,
        charge, documents, invoiced_handles, invoiced_amount, handles_difference, amount_difference, count_amount,
        price_amount)
    FROM headroom.invoice_check(pg_temp.contract_id(contract), month, '2026-09-01Z')
$$;

-- The candidates, each with its kind, from how many fewer to how many more, and ! where by no other number.
CREATE FUNCTION pg_temp.causes(contract text, month date)
RETURNS TABLE (cause text)
LANGUAGE sql
AS $$
    SELECT format(
        '%s (%s) %s..%s%s', c.cause, c.of_kind, coalesce(c.fewest::text, '?'), coalesce(c.most::text, '?'),
        CASE WHEN c.exactly THEN '!' END)
    FROM headroom.invoice_causes(pg_temp.contract_id(contract), month, '2026-09-01Z') AS c
$$;

-- A vendor's list: ids, or handles with @, one a line.
CREATE SEQUENCE pg_temp.list_number START 1000;
CREATE FUNCTION pg_temp.listed(contract text, month date, entries text[])
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    new_list CONSTANT bigint NOT NULL := nextval('pg_temp.list_number');
BEGIN
    INSERT INTO headroom.invoice_handle (list_id, subject, line)
    SELECT new_list, e.subject, e.line
    FROM unnest(entries) WITH ORDINALITY AS e (subject, line);
    RETURN headroom.invoice_list_add(
        new_list, pg_temp.contract_id(contract), month, 'list.txt', sha256('file'), '2026-05-01Z', 'test');
END
$$;

-- The vendor's list in force, handle by handle: place, owner, line of the list, cause.
CREATE FUNCTION pg_temp.matched(contract text, month date)
RETURNS TABLE (line text)
LANGUAGE sql
AS $$
    SELECT concat_ws(' ', m.place, m.owner, coalesce(m.line::text, '-'), m.cause)
    FROM headroom.invoice_check(pg_temp.contract_id(contract), month, '2026-09-01Z') AS c
    CROSS JOIN LATERAL headroom.invoice_matches(
        pg_temp.contract_id(contract), month, c.list_id, c.latest, '2026-09-01Z') AS m
$$;

-- Closes a month, as `close` does but with an empty statement.
CREATE FUNCTION pg_temp.closed(contract text, month date)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    new_seal CONSTANT bigint NOT NULL := headroom.add_seal_owners(pg_temp.contract_id(contract), month);
BEGIN
    PERFORM headroom.add_seal(
        new_seal, pg_temp.contract_id(contract), month, '2026-08-01Z', '', '{}', '{}', NULL, 'test');
END
$$;

-- The links of the batches that roll_up made, so that what came after a seal is known to have.
CREATE FUNCTION pg_temp.linked(batch_id bigint)
RETURNS void
LANGUAGE sql
AS $$
    SELECT headroom.chain_append('batch', batch_id, '', '2026-08-01Z')
$$;

-- ---- what the documents add up to ----

-- Four users, two over the limit.
SELECT pg_temp.contract('plain', 2);
SELECT pg_temp.event('plain', '2026-03-10Z', n::text) FROM generate_series(1, 4) AS n;
SELECT pg_temp.roll_up();
SELECT is(pg_temp.checked('plain', '2026-03-01'),
    'no invoice: ours 4 for 5.00, 0 of theirs 0 for 0, difference -4 for -5.00, count -5.00, price 0',
    'a month without documents');
SELECT pg_temp.document('plain', '2026-03-01', 'A1', 6, '9');
SELECT is(pg_temp.checked('plain', '2026-03-01'),
    'differs: ours 4 for 5.00, 1 of theirs 6 for 9.00, difference 2 for 4.00, count 5.00, price -1.00',
    'two more, which cost 5.00 by our price and 1.00 less by theirs');
SELECT pg_temp.document('plain', '2026-03-01', 'A2', 1, '1.5', dated => '2026-04-09');
SELECT pg_temp.document('plain', '2026-03-01', 'C1', 3, '5.50', 'credit', '2026-04-20');
SELECT is(pg_temp.checked('plain', '2026-03-01'),
    'match: ours 4 for 5.00, 3 of theirs 4 for 5.00, difference 0 for 0.00, count 0.00, price 0.00',
    'invoices are summed and credits taken away: 6 + 1 - 3 for 9.00 + 1.50 - 5.50');
SELECT is(
    (SELECT latest FROM headroom.invoice_check(pg_temp.contract_id('plain'), '2026-03-01', '2026-09-01Z')),
    '2026-04-09', 'the last invoice is not the credit');
SELECT pg_temp.document('plain', '2026-03-01', 'A3', 0, '0.01');
SELECT is(pg_temp.checked('plain', '2026-03-01'),
    'differs: ours 4 for 5.00, 4 of theirs 4 for 5.01, difference 0 for 0.01, count 0.00, price 0.01',
    'a cent is a difference');
SELECT pg_temp.document('plain', '2026-04-01', 'C2', 2, '3.00', 'credit');
SELECT is(pg_temp.checked('plain', '2026-04-01'),
    'differs: ours 0 for 0, 1 of theirs -2 for -3.00, difference -2 for -3.00, count 0, price -3.00',
    'what is taken back and was never charged: fewer than none cost nothing');
SELECT is(
    (SELECT c.latest FROM headroom.invoice_check(pg_temp.contract_id('plain'), '2026-04-01', '2026-09-01Z') AS c), NULL,
    'a credit alone is no invoice');
SELECT results_eq(
    $$ SELECT c.state, c.unique_handles, c.charge, c.result
    FROM headroom.invoice_check(pg_temp.contract_id('plain'), '2019-12-01', '2026-09-01Z') AS c $$,
    $$ VALUES ('not covered', 0::bigint, 0::numeric, 'no invoice') $$,
    'before the first period nothing is ours');
SELECT pg_temp.document('plain', '2019-12-01', 'N1', 3, '7.50');
SELECT is(pg_temp.checked('plain', '2019-12-01'),
    'differs: ours 0 for 0, 1 of theirs 3 for 7.50, difference 3 for 7.50, count 2.50, price 5.00',
    'of a month that the contract does not cover nothing is due');
SELECT is_empty(
    $$
    SELECT cause
    FROM headroom.invoice_causes(pg_temp.contract_id('plain'), '2019-12-01', '2026-09-01Z')
    WHERE fewest IS DISTINCT FROM 0 OR most IS DISTINCT FROM 0
    $$,
    'and no candidate makes it so');
SELECT pg_temp.listed('plain', '2019-12-01', ARRAY['1', '@amy']);
SELECT bag_eq(
    $$ SELECT * FROM pg_temp.matched('plain', '2019-12-01') $$,
    ARRAY['theirs 1 1 unexplained', 'theirs @amy 2 unexplained'], 'nor can a list');

-- ---- what cannot be taken down ----

SELECT throws_ok($$ SELECT pg_temp.document('plain', '2026-03-01', 'A1', 1, '1') $$, 'HR002',
    'invoice ''A1'' is there already: of 2026-03, 6 handles, 9.00 USD', 'a number once');
SELECT lives_ok($$ SELECT pg_temp.contract('other', 2) $$, 'but of each contract');
SELECT lives_ok($$ SELECT pg_temp.document('other', '2026-03-01', 'A1', 1, '1') $$, 'by itself');
SELECT throws_ok($$ SELECT pg_temp.document('plain', '2026-03-01', 'A9', 1, '1.005') $$, 'HR001',
    'amount 1.005 has 3 decimals, but USD has 2', 'no more decimals than the currency has');
SELECT throws_ok($$ SELECT pg_temp.document('plain', '2026-03-01', 'A9', 1, '1', dated => '2026-04-31') $$, 'HR001',
    'date 2026-04-31: the calendar has no such day', 'no day that is none');

-- ---- what was decided of them, and until when they can be disputed ----

SELECT is(
    (SELECT (status, dispute_until)::text FROM headroom.invoice_state WHERE number = 'A2'), '(open,)',
    'open at first; without a window there is no last day');
UPDATE headroom.contract SET dispute_days = 30 WHERE name = 'plain';
SELECT is((SELECT dispute_until FROM headroom.invoice_state WHERE number = 'A2'), '2026-05-09',
    'thirty days after the 9th of April');
UPDATE headroom.contract SET dispute_days = 1 WHERE name = 'plain';
SELECT is((SELECT dispute_until FROM headroom.invoice_state WHERE number = 'A2'), '2026-04-10', 'or one');
SELECT headroom.invoice_decide(NULL, 'A2', 'disputed', 'too many', '2026-05-02Z', 'ann');
SELECT headroom.invoice_decide(pg_temp.contract_id('plain'), 'A2', 'accepted', 'settled', '2026-05-01Z', 'bea');
SELECT is(
    (SELECT concat_ws(' ', status, note, decided_by) FROM headroom.invoice_state WHERE number = 'A2'),
    'accepted settled bea', 'the last decision holds, whatever the clock said');
SELECT throws_ok($$ SELECT headroom.invoice_decide(NULL, 'A1', 'open', 'x', '2026-05-02Z', 'ann') $$, 'HR001',
    '2 contracts have an invoice ''A1''', 'a number of two contracts needs one of them');

-- ---- a closed month ----

-- Sealed with 1, 4 and 5, two over the limit for 5.00; then 2 and 3 came, and the batch of 4 was voided: four today.
SELECT pg_temp.contract('shut', 1);
SELECT pg_temp.event('shut', '2026-05-02Z', '1', batch_id => 11);
SELECT pg_temp.event('shut', '2026-05-02Z', '5', batch_id => 11);
SELECT pg_temp.event('shut', '2026-05-02Z', '4', batch_id => 12);
SELECT pg_temp.roll_up();
SELECT pg_temp.closed('shut', '2026-05-01');
SELECT pg_temp.event('shut', '2026-05-03Z', n::text, batch_id => 13) FROM generate_series(2, 3) AS n;
SELECT pg_temp.change(12, 'void');
SELECT pg_temp.roll_up();
SELECT pg_temp.linked(13);
SELECT pg_temp.document('shut', '2026-05-01', 'S1', 4, '7.50', dated => '2026-06-05');
SELECT is(pg_temp.checked('shut', '2026-05-01'),
    'differs: ours 3 for 5.00, 1 of theirs 4 for 7.50, difference 1 for 2.50, count 2.50, price 0.00',
    'the sealed figures are ours');
SELECT is(
    (SELECT (state, adjustment)::text
    FROM headroom.invoice_check(pg_temp.contract_id('shut'), '2026-05-01', '2026-09-01Z')),
    '(closed,0)', 'and say that they are');
SELECT is(
    (SELECT string_agg(cause, ', ') FROM pg_temp.causes('shut', '2026-05-01') WHERE cause LIKE '%(seal)%'),
    'late events (seal) 0..1!', 'what is counted today would make it exactly');
SELECT pg_temp.listed('shut', '2026-05-01', ARRAY['1', '2', '3']);
SELECT bag_eq(
    $$ SELECT * FROM pg_temp.matched('shut', '2026-05-01') $$,
    ARRAY[
        'both 1 1', 'theirs 2 2 late events', 'theirs 3 3 late events', 'ours 4 - late events', 'ours 5 - unexplained'],
    'who came after the close, and who was taken back after it');
-- What the month costs is frozen with it, also for a count that is not ours.
UPDATE headroom.term SET unit_limit = 0 WHERE contract_id = pg_temp.contract_id('shut');
SELECT is(
    (SELECT string_agg(s.unit_limit::text, '') FROM headroom.seal_in_force AS s
    WHERE s.contract_id = pg_temp.contract_id('shut')),
    '1', 'the limit that was sealed');
SELECT is(pg_temp.checked('shut', '2026-05-01'),
    'differs: ours 3 for 5.00, 1 of theirs 4 for 7.50, difference 1 for 2.50, count 2.50, price 0.00',
    'prices the vendor''s count too, whatever holds today');
UPDATE headroom.term SET unit_limit = 1 WHERE contract_id = pg_temp.contract_id('shut');

-- June carries what May differs by: one more, 2.50.
SELECT pg_temp.event('shut', '2026-06-02Z', '1', batch_id => 14);
SELECT pg_temp.roll_up();
SELECT pg_temp.linked(14);
SELECT is(
    (SELECT (state, adjustment)::text FROM headroom.invoice_ours(pg_temp.contract_id('shut'), '2026-06-01', '2026-09-01Z')),
    '(over,)', 'a month that is not closed carries nothing');
SELECT pg_temp.closed('shut', '2026-06-01');
SELECT is(
    (SELECT (state, unique_handles, charge, adjustment)::text
    FROM headroom.invoice_ours(pg_temp.contract_id('shut'), '2026-06-01', '2026-09-01Z')),
    '(closed,1,0.00,2.50)', 'a close carries the adjustment, beside its own charge');
SELECT headroom.reopen_month(pg_temp.contract_id('shut'), '2026-06-01', 'test', '2026-08-02Z', 'test');
SELECT is(
    (SELECT (state, adjustment)::text FROM headroom.invoice_ours(pg_temp.contract_id('shut'), '2026-06-01', '2026-09-01Z')),
    '(over,)', 'and a reopened one no more');
SELECT is(
    (SELECT state FROM headroom.invoice_ours(pg_temp.contract_id('shut'), '2026-09-01', '2026-09-01Z')), 'open',
    'a month of which there is more to come');

-- ---- candidates ----

-- Eleven count in March under 'answered':
--   1 on the first day only; 6 and 7 on the last only, which has two requests of 6; 2 answered, but nothing delivered;
--   3 under two names that it took within the month; @amy and ~t, of whom no user is known; 14 and 15 by a batch that was
--   loaded after the date of the invoice; 16; and 20, who had a name before the month and took another within it.
-- Not counted: 4, whose request failed; 11 and 12 by the app alone, of which 12's failed; 5 the day before;
--   8, 9 and 10 the day after; three requests of the app for nobody, of which one failed.
SELECT pg_temp.contract('acme', 2);
SELECT pg_temp.event('acme', '2026-03-01T05:00Z', '1');
SELECT pg_temp.event('acme', '2026-03-10T05:00Z', '2', 'answered');
SELECT pg_temp.event('acme', '2026-03-05T05:00Z', '3');
SELECT pg_temp.event('acme', '2026-03-31T05:00Z', '6') FROM generate_series(1, 2);
SELECT pg_temp.event('acme', '2026-03-31T05:00Z', '7');
SELECT pg_temp.event('acme', '2026-03-14T05:00Z', '@amy', batch_id => 3);
SELECT pg_temp.event('acme', '2026-03-15T05:00Z', '~t');
SELECT pg_temp.event('acme', '2026-03-20T05:00Z', n::text, batch_id => 2) FROM generate_series(14, 15) AS n;
SELECT pg_temp.event('acme', '2026-03-16T05:00Z', '16');
SELECT pg_temp.event('acme', '2026-03-17T05:00Z', '20');
SELECT pg_temp.event('acme', '2026-03-12T05:00Z', '4', 'attempted');
SELECT pg_temp.event('acme', '2026-03-12T05:00Z', '11', 'answered', via_app => true);
SELECT pg_temp.event('acme', '2026-03-12T05:00Z', '12', 'attempted', via_app => true);
SELECT pg_temp.event('acme', '2026-02-28T23:00Z', '5');
SELECT pg_temp.event('acme', '2026-04-01T00:30Z', n::text) FROM generate_series(8, 10) AS n;
SELECT pg_temp.event('acme', '2026-03-13T05:00Z', '~app', class, true)
FROM unnest('{attempted,answered,delivered}'::headroom.class[]) AS class;
SELECT pg_temp.fact('c1', 3, '2026-03-05T05:00Z');
SELECT pg_temp.fact('c2', 3, '2026-03-20T05:00Z');
SELECT pg_temp.fact('c3', 3, '2026-04-02Z');
SELECT pg_temp.fact('old', 20, '2026-01-01Z');
SELECT pg_temp.fact('new', 20, '2026-03-17T05:00Z');
SELECT pg_temp.fact('nico', 15, '2026-01-01Z');
-- And three other contracts, by other batches.
SELECT pg_temp.contract('quiet', 0);
SELECT pg_temp.event('quiet', '2026-03-10Z', '1', batch_id => 21);
SELECT pg_temp.contract('gappy', 0);
SELECT pg_temp.event('gappy', '2026-03-20T05:00Z', '1', batch_id => 22);
SELECT pg_temp.contract('plus', 0, 'attempted+app');
SELECT pg_temp.event('plus', '2026-03-10Z', '1', via_app => true, batch_id => 23);
SELECT pg_temp.event('plus', '2026-03-10Z', '2', 'attempted', batch_id => 23);
SELECT pg_temp.event('plus', '2026-03-10Z', '3', 'not_attempted', batch_id => 23);
SELECT pg_temp.roll_up();
UPDATE headroom.batch SET loaded_at = '2026-04-06T00:00Z' WHERE batch_id = 2;
UPDATE headroom.batch SET loaded_at = '2026-04-05T23:59:59.999999Z' WHERE batch_id = 3;
-- Two lines that could not be read, and one that was read later.
INSERT INTO headroom.quarantine (batch_id, place, file, line, reason, message, raw, raw_size)
SELECT 1, sha256(convert_to(raw, 'UTF8')), 'log', 1, 'bad_status', '', convert_to(raw, 'UTF8'), length(raw)
FROM unnest(ARRAY[
    E'{"user_id":1775,"handle":"Hidden","status":"\u00e9"}', '{"time":"never","user_id":18}', '{"user_id":19}']) AS raw;
INSERT INTO headroom.quarantine_settled (quarantine_id, batch_id, settled_at)
SELECT quarantine_id, 1, '2026-05-01Z' FROM headroom.quarantine WHERE raw = '{"user_id":19}';
SELECT is(pg_temp.unique_handles('acme', '2026-03-01'), 11::bigint, 'eleven count');
SELECT pg_temp.document('acme', '2026-03-01', 'A5', 12, '25');
SELECT is(pg_temp.checked('acme', '2026-03-01'),
    'differs: ours 11 for 22.50, 1 of theirs 12 for 25.00, difference 1 for 2.50, count 2.50, price 0.00',
    'they have one more');
SELECT bag_eq(
    $$ SELECT * FROM pg_temp.causes('acme', '2026-03-01') $$,
    ARRAY[
        'zone boundary (zone) -2..1',                       -- earlier: 6 and 7 go, 5 comes
        'zone boundary (zone) -1..3',                       -- later: 1 goes; 8, 9 and 10 come
        'failed requests (rule) 0..1!',                     -- attempted: 4
        'failed requests and app-only (rule) 0..3!',        -- attempted+app: 4, 11 and 12
        'app-only (rule) 0..1!',                            -- answered+app: 11
        'failed requests (rule) -1..0!',                    -- delivered: without 2
        'failed requests and app-only (rule) -1..0!',       -- delivered+app: the same, for 11 got nothing
        'app-only (app) 0..2',                              -- two requests that no log names an owner of
        'renames (renames) -2..2',                          -- @amy and ~t may be others; 3 and 20 took one more name
        'late events (late) -2..0',                         -- 14 and 15
        'quarantined lines (quarantine) 0..2'],
    'each candidate by how many it reaches');
SELECT is(
    (SELECT string_agg(c.description, '; ' ORDER BY c.description)
    FROM headroom.invoice_causes(pg_temp.contract_id('acme'), '2026-03-01', '2026-09-01Z') AS c
    WHERE c.of_kind IN ('rule', 'late')),
    'counted by batches that were loaded after 2026-04-05, the date of the invoice; '
    'the vendor counts by the rule ''answered+app''; the vendor counts by the rule ''attempted''; '
    'the vendor counts by the rule ''attempted+app''; the vendor counts by the rule ''delivered''; '
    'the vendor counts by the rule ''delivered+app''', 'rules and the date are named');
UPDATE headroom.term SET counting = 'answered+app' WHERE contract_id = pg_temp.contract_id('acme');
SELECT bag_eq(
    $$ SELECT cause FROM pg_temp.causes('acme', '2026-03-01') WHERE cause LIKE '%(rule)%' $$,
    ARRAY[
        'failed requests and app-only (rule) 0..0!',        -- attempted: with 4, without 11
        'failed requests (rule) 0..2!',                     -- attempted+app: 4 and 12
        'app-only (rule) -1..0!',                           -- answered: without 11
        'failed requests and app-only (rule) -2..0!',       -- delivered: without 2 and 11
        'failed requests (rule) -2..0!'],
    'the same against another rule');
UPDATE headroom.term SET counting = 'answered' WHERE contract_id = pg_temp.contract_id('acme');

-- Of a month with nothing of it, no cause reaches anything.
SELECT pg_temp.document('quiet', '2026-03-01', 'Q1', 2, '5.00');
SELECT is_empty(
    $$
    SELECT cause
    FROM headroom.invoice_causes(pg_temp.contract_id('quiet'), '2026-03-01', '2026-03-12Z')
    WHERE fewest IS DISTINCT FROM 0 OR most IS DISTINCT FROM 0
    $$,
    'without failures, app, names, late batches and gaps none can be it');

-- Silent from the 20th to the month's end: twelve days may lack requests.
SELECT pg_temp.document('gappy', '2026-03-01', 'G1', 2, '5.00');
SELECT is(
    (SELECT concat_ws(' ', c.cause, c.description, c.fewest, coalesce(c.most::text, 'any number'))
    FROM headroom.invoice_causes(pg_temp.contract_id('gappy'), '2026-03-01', '2026-09-01Z') AS c
    WHERE c.of_kind = 'gaps'),
    'gaps days whose log may lack requests: 12 0 any number', 'what a log lacks nobody can count');

-- ---- the vendor's list ----

SELECT pg_temp.listed('acme', '2026-03-01', ARRAY['1']);
SELECT is(
    pg_temp.listed('acme', '2026-03-01', ARRAY[
        '3', '@c1', '@nico', '20', '@old', '4', '5', '8', '11', '12', '@hidden', '18', '77', '19', '16']), 15::bigint,
    'a list is as long as it has different ones');
SELECT bag_eq(
    $$ SELECT * FROM pg_temp.matched('acme', '2026-03-01') $$,
    ARRAY[
        'both 3 1', 'both 15 3', 'both 20 4', 'both 16 15',
        'theirs 3 2 renames', 'theirs 20 5 renames',        -- twice on it, under two names
        'theirs 4 6 failed requests',
        'theirs 5 7 zone boundary', 'theirs 8 8 zone boundary',
        'theirs 11 9 app-only', 'theirs 12 10 failed requests',
        'theirs @hidden 11 quarantined lines',              -- 'Hidden' in the line
        'theirs 18 12 quarantined lines',
        'theirs 77 13 unexplained',                         -- the 77 of 1775 is not its
        'theirs 19 14 unexplained',                         -- read after all, in no month of this contract
        'ours 1 - zone boundary', 'ours 6 - zone boundary', 'ours 7 - zone boundary',
        'ours 2 - failed requests',
        'ours @amy - renames', 'ours ~t - renames',
        'ours 14 - late events'],
    'who is on both, who on one only, and why');
SELECT is(
    (SELECT string_agg(concat_ws(' ', m.owner, m.handle, to_char(m.first_seen AT TIME ZONE 'UTC', 'MM-DD'),
        m.counted_requests), ', ' ORDER BY m.owner COLLATE "C")
    FROM headroom.invoice_matches(
        pg_temp.contract_id('acme'), '2026-03-01', (SELECT max(list_id) FROM headroom.invoice_list), '2026-04-05',
        '2026-09-01Z') AS m
    WHERE m.owner IN ('15', '6', '@hidden', '77')),
    '15 nico 03-20 1, 6 03-31 2, 77 77, @hidden hidden', 'each with its evidence, as far as there is some');
SELECT pg_temp.listed('acme', '2026-03-01', ARRAY['1', '6', '7', '2', '@amy', '14', '@nico', '@c2', '@new']);
SELECT is(
    (SELECT string_agg(line, ', ' ORDER BY line COLLATE "C") FROM pg_temp.matched('acme', '2026-03-01') WHERE line LIKE 'ours %'),
    'ours 16 - unexplained, ours ~t - renames', 'the last list holds; of what is proved the vendor must say more');
SELECT is(
    (SELECT string_agg(line, ', ' ORDER BY line COLLATE "C") FROM pg_temp.matched('acme', '2026-03-01') WHERE line LIKE 'theirs %'),
    NULL, 'handles of today, of any day of the month and ids mean their owners');
-- A document of the day on which the batch was loaded: it is not late any more.
SELECT pg_temp.document('acme', '2026-03-01', 'A6', 0, '0', dated => '2026-04-06');
SELECT pg_temp.listed('acme', '2026-03-01', ARRAY['1']);
SELECT is(
    (SELECT string_agg(line, ', ' ORDER BY line COLLATE "C") FROM pg_temp.matched('acme', '2026-03-01') WHERE line ~ 'ours 1[4-6]'),
    'ours 14 - unexplained, ours 15 - unexplained, ours 16 - unexplained', 'by the date of the last invoice');

SELECT pg_temp.listed('gappy', '2026-03-01', ARRAY['1', '99']);
SELECT bag_eq(
    $$ SELECT * FROM pg_temp.matched('gappy', '2026-03-01') $$, ARRAY['both 1 1', 'theirs 99 2 gaps'],
    'whom a log with gaps may lack');

-- The app's own user counts under a rule with it.
SELECT pg_temp.listed('plus', '2026-03-01', ARRAY['3']);
SELECT bag_eq(
    $$ SELECT * FROM pg_temp.matched('plus', '2026-03-01') $$,
    ARRAY['ours 1 - app-only', 'ours 2 - failed requests', 'theirs 3 1 failed requests'], 'under another rule');

SELECT * FROM finish();
ROLLBACK;
