-- SPDX-License-Identifier: MIT
-- Whose work made an overage and what share of the charge that is, what other commitments would have cost, what a month
-- leaves to be decided: against figures counted by hand.
BEGIN;
SELECT plan(24);

\ir lib/ledger.psql

-- ---- brackets with what an overage comes to in them ----

-- As text: for each bracket, from, up to, charged up to, units, amount and flat fee.
CREATE FUNCTION pg_temp.brackets(contract text, overage bigint)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        concat_ws(' ', b.from_unit, coalesce(b.up_to::text, '-'), b.to_unit, b.units, b.amount, b.fee), ', '
        ORDER BY b.tier)
    FROM headroom.term AS t
    CROSS JOIN LATERAL headroom.term_brackets(t, overage) AS b
    WHERE t.contract_id = pg_temp.contract_id(contract)
$$;

SELECT pg_temp.contract('tiers', 4);
UPDATE headroom.term SET pricing = 'graduated', tolerance_units = 1;
UPDATE headroom.term_tier SET up_to = 2, flat_fee = 7;
INSERT INTO headroom.term_tier (term_id, tier, up_to, unit_price)
SELECT t.term_id, b.tier, b.up_to, 1
FROM headroom.term AS t, (VALUES (2, 4), (3, 9)) AS b (tier, up_to);
SELECT is(pg_temp.brackets('tiers', 1), '1 2 0 0 0 0, 3 4 0 0 0 0, 5 - 0 0 0 0', 'within the tolerance: none is reached');
SELECT is(pg_temp.brackets('tiers', 4), '1 2 2 2 5.00 7.00, 3 4 3 1 1.00 0, 5 - 0 0 0 0', 'to the middle of the second');
SELECT is(pg_temp.brackets('tiers', 21), '1 2 2 2 5.00 7.00, 3 4 4 2 2.00 0, 5 - 20 16 16.00 0',
    'the last has no end, whatever it says');
UPDATE headroom.term SET pricing = 'volume';
SELECT is(pg_temp.brackets('tiers', 5), '1 2 2 0 0 0, 3 4 4 4 4.00 0, 5 - 0 0 0 0', 'volume: all units in the one that they reach');
SELECT is(
    (SELECT array_agg((t.tier, t.up_to, t.unit_price, t.flat_fee)::text)
    FROM unnest(headroom.document_tiers('{"model": "graduated", "tiers": [
        {"up_to": 5, "unit_price": "2.50", "flat_fee": "1"}, {"up_to": null, "unit_price": "0.125"}]}')) AS t),
    ARRAY['(1,5,2.50,1)', '(2,,0.125,)'], 'brackets of a document');
SELECT is(
    (SELECT array_agg((t.tier, t.up_to, t.unit_price)::text)
    FROM unnest(headroom.document_tiers('{"model": "package", "size": 3, "price": "40"}')) AS t),
    ARRAY['(1,,40)'], 'a package has one');

-- ---- shares ----

-- As text: for each, its name or shape, handles, overage and charge.
CREATE FUNCTION pg_temp.shares(contract text, most bigint)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        concat_ws(' ', coalesce(s.name, s.shape), s.unique_handles, s.overage, s.charge), ', ' ORDER BY s.place)
    FROM headroom.charge_shares(pg_temp.contract_id(contract), '2026-03-01', most) AS s
    WHERE s.by = 'label'
$$;

SELECT pg_temp.contract('shared', 3);
SELECT is(pg_temp.shares('shared', 9), NULL, 'nobody counts: no shares');
-- In the order of time: a a b | a b c, nobody's; then one of before again, under another label.
SELECT pg_temp.event('shared', '2026-03-01Z'::timestamptz + n * INTERVAL '1 day', n::text,
    label => (ARRAY['a', 'a', 'b', 'a', 'b', 'c', NULL])[n])
FROM generate_series(1, 7) AS n;
SELECT pg_temp.event('shared', '2026-03-20Z', '1', label => 'c');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.shares('shared', 9), 'a 3 1 2.50, b 2 1 2.50, c 1 1 2.50, none 1 1 2.50',
    'by the first counted request; over the limit are the last four');
SELECT is(pg_temp.shares('shared', 2), 'a 3 1 2.50, b 2 1 2.50, others 2 2 5.00', 'those after so many together');
SELECT is(pg_temp.shares('shared', 3), 'a 3 1 2.50, b 2 1 2.50, c 1 1 2.50, none 1 1 2.50', 'one that is left stands for itself');
UPDATE headroom.term SET cap = 0.02 WHERE contract_id = pg_temp.contract_id('shared');
SELECT is(pg_temp.shares('shared', 9), 'a 3 1 0.01, b 2 1 0.00, c 1 1 0.01, none 1 1 0.00',
    'two cents for four: each running total is rounded, so they add up');
UPDATE headroom.term SET unit_limit = NULL WHERE contract_id = pg_temp.contract_id('shared');
SELECT is(pg_temp.shares('shared', 9), 'a 3 0 0, b 2 0 0, c 1 0 0, none 1 0 0', 'without a limit nothing is shared');

-- ---- other commitments ----

-- As text: for each, months, those over, charge and fees.
CREATE FUNCTION pg_temp.levels(contract text, month date, now_at timestamptz)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(concat_ws(' ', l.name, l.months, l.months_over, l.charge, l.fees), ', ' ORDER BY l.place)
    FROM headroom.compared_levels(pg_temp.contract_id(contract), month, now_at) AS l
$$;

SELECT pg_temp.contract('levels', 2, valid_from => '2025-12-10');
UPDATE headroom.term SET fee = 10, tolerance_units = 1, minimum = 4 WHERE contract_id = pg_temp.contract_id('levels');
SELECT pg_temp.event('levels', m.month + INTERVAL '15 days', n::text)
FROM (VALUES ('2025-12-01Z'::timestamptz, 9), ('2026-01-01Z', 5), ('2026-02-01Z', 2), ('2026-03-01Z', 3)) AS m (month, handles)
CROSS JOIN LATERAL generate_series(1, m.handles) AS n;
SELECT pg_temp.roll_up();
SELECT is(pg_temp.levels('levels', '2026-03-01', '2026-05-01Z'), NULL, 'none is named: nothing is compared');
INSERT INTO headroom.contract_alternative (contract_id, place, name, unit_limit, fee, pricing)
VALUES
    (pg_temp.contract_id('levels'), 1, 'four', 4, 15, '{"model": "package", "size": 2, "price": "3"}'),
    (pg_temp.contract_id('levels'), 2, 'free', NULL, NULL, '{"model": "flat", "unit_price": "1"}');
-- January: 5 of 2, so 3 over and 2 charged: 5.00. March: 1 over, within the tolerance. Above four: 1 in January.
SELECT is(pg_temp.levels('levels', '2026-03-01', '2026-05-01Z'), 'as agreed 3 2 5.00 30, four 3 1 3.00 45, free 3 0 0 0',
    'whole months only, with fees; what else the terms say is not asked of another commitment');
SELECT is(pg_temp.levels('levels', '2026-03-01', '2026-03-15Z'), 'as agreed 2 1 5.00 20, four 2 1 3.00 30, free 2 0 0 0',
    'no month that still runs');
SELECT is(pg_temp.levels('levels', '2026-01-01', '2026-05-01Z'), 'as agreed 1 1 5.00 10, four 1 1 3.00 15, free 1 0 0 0',
    'none after the one that is asked for');
SELECT is(pg_temp.levels('levels', '2025-12-01', '2026-05-01Z'), NULL, 'none at all: the first one is cut');

-- ---- decisions ----

CREATE FUNCTION pg_temp.decisions(contract text, month date, now_at timestamptz, probability double precision)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(d.matter, ', ' ORDER BY d.place, d.words)
    FROM headroom.month_decisions(pg_temp.contract_id(contract), month, now_at, probability, '[]') AS d
    WHERE d.matter NOT IN ('Days too low', 'Source silent')
$$;

SELECT pg_temp.contract('decide', 3);
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-03-06Z', NULL), 'Nothing delivered', 'no event yet: none is no count');
SELECT pg_temp.event('decide', '2026-03-05Z', n::text, CASE n WHEN 3 THEN 'attempted' ELSE 'delivered' END::headroom.class)
FROM generate_series(1, 3) AS n;
SELECT pg_temp.roll_up();
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-03-06Z', 0.5), NULL, 'nothing: the chance is not above one half');
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-03-06Z', 0.51), 'Limit at risk', 'above it');
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-04-06Z', 0.51), 'Limit at risk, Month not closed',
    'the month is over, but its last days have not been delivered');
UPDATE headroom.term SET unit_limit = 1 WHERE contract_id = pg_temp.contract_id('decide');
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-03-06Z', 1), 'Over the limit, Open question',
    'over the limit; what counts moves the charge, and nobody has asked');
INSERT INTO headroom.contract_answer (contract_id, place, question, answer, given_on, given_by)
VALUES (pg_temp.contract_id('decide'), 1, 'what counts', 'answered', '2026-01-05', 'ann');
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-04-06Z', NULL), 'Over the limit, Month not closed, No invoice',
    'the month is over');
INSERT INTO headroom.invoice (
    contract_id, month, number, kind, invoice_date, unique_handles, amount, currency, added_at, added_by)
VALUES (pg_temp.contract_id('decide'), '2026-03-01', 'I-1', 'invoice', '2026-04-02', 3, 5, 'USD', '2026-04-03Z', 'ann');
SELECT is(pg_temp.decisions('decide', '2026-03-01', '2026-04-06Z', NULL), 'Over the limit, Month not closed, Invoice differs',
    'and the invoice says more');

SELECT * FROM finish();
ROLLBACK;
