-- SPDX-License-Identifier: MIT
-- What overage costs: every example of the rules, each pricing model, tolerance, minimum, cap, and rounding.
BEGIN;
SELECT plan(81);

-- One contract a set of terms; pricing and brackets as JSON, as a person would write them.
CREATE FUNCTION pg_temp.terms(of_name text, terms jsonb)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    new_contract bigint;
    new_term bigint;
BEGIN
    INSERT INTO headroom.contract (name, created_at, created_by)
    VALUES (of_name, '2026-01-01Z', 'test')
    RETURNING contract_id INTO new_contract;
    INSERT INTO headroom.term (
        contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing, package_size, fee,
        minimum, cap, tolerance_units, tolerance_cliff, proration, created_at, created_by)
    VALUES (
        new_contract, '2020-01-01', 'UTC', 1, 'answered', (terms ->> 'limit')::bigint,
        coalesce(terms ->> 'currency', 'USD'), (terms ->> 'model')::headroom.pricing_model,
        (terms ->> 'size')::bigint, (terms ->> 'fee')::numeric, (terms ->> 'minimum')::numeric,
        (terms ->> 'cap')::numeric, coalesce((terms ->> 'tolerance')::bigint, 0),
        coalesce((terms ->> 'cliff')::boolean, false),
        coalesce((terms ->> 'proration')::headroom.proration, 'none'), '2026-01-01Z', 'test')
    RETURNING term_id INTO new_term;
    INSERT INTO headroom.term_tier (term_id, tier, up_to, unit_price, flat_fee)
    SELECT new_term, t.tier, (t.value ->> 0)::bigint, (t.value ->> 1)::numeric, (t.value ->> 2)::numeric
    FROM jsonb_array_elements(terms -> 'tiers') WITH ORDINALITY AS t (value, tier);
END
$$;

CREATE FUNCTION pg_temp.contract_id(of_name text)
RETURNS bigint
LANGUAGE sql
AS $$
    SELECT contract_id FROM headroom.contract WHERE name = of_name
$$;

-- The charge as text, exactly as a person reads it.
CREATE FUNCTION pg_temp.charge(of_name text, overage bigint)
RETURNS text
LANGUAGE sql
AS $$
    SELECT headroom.money(headroom.charge(pg_temp.contract_id(of_name), '2026-10-01', overage), t.currency)
    FROM headroom.term AS t
    WHERE t.contract_id = pg_temp.contract_id(of_name)
$$;

-- The lines as text: kind, units x unit price = amount.
CREATE FUNCTION pg_temp.lines(of_name text, overage bigint)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        concat_ws(' ', l.kind, l.from_unit || '..' || l.to_unit, l.units || ' x ' || l.unit_price, '= ' || l.amount),
        '; ' ORDER BY l.line)
    FROM headroom.charge_lines(pg_temp.contract_id(of_name), '2026-10-01', overage) AS l
$$;

SELECT lives_ok(
    $test$
    SELECT pg_temp.terms(t.name, t.terms)
    FROM (VALUES
        ('flat', '{"model": "flat", "tiers": [[null, 2.50]]}'::jsonb),
        ('flat with minimum', '{"model": "flat", "tiers": [[null, 2.50]], "minimum": 100}'),
        ('flat with cap', '{"model": "flat", "tiers": [[null, 2.50]], "cap": 20}'),
        ('minimum and cap', '{"model": "flat", "tiers": [[null, 2.50]], "minimum": 10, "cap": 20}'),
        ('minimum is cap', '{"model": "flat", "tiers": [[null, 2.50]], "minimum": 15, "cap": 15}'),
        ('fee', '{"model": "flat", "tiers": [[null, 2.50]], "fee": 1000}'),
        ('tolerance', '{"model": "flat", "tiers": [[null, 2.50]], "tolerance": 5}'),
        ('cliff', '{"model": "flat", "tiers": [[null, 2.50]], "tolerance": 5, "cliff": true}'),
        ('graduated', '{"model": "graduated", "tiers": [[10, 3.00], [null, 2.25]]}'),
        ('volume', '{"model": "volume", "tiers": [[10, 3.00], [null, 2.25]]}'),
        ('graduated with tolerance', '{"model": "graduated", "tiers": [[2, 3.00], [null, 2.25]], "tolerance": 5}'),
        ('graduated with cliff',
            '{"model": "graduated", "tiers": [[2, 3.00], [null, 2.25]], "tolerance": 5, "cliff": true}'),
        ('graduated with fees', '{"model": "graduated", "tiers": [[10, 3.00, 50], [20, 2.00, 30], [null, 1.00, 7]]}'),
        ('volume with fees', '{"model": "volume", "tiers": [[10, 3.00, 50], [20, 2.00, 30], [null, 1.00, 7]]}'),
        ('package', '{"model": "package", "size": 25, "tiers": [[null, 40]]}'),
        ('package with tolerance', '{"model": "package", "size": 25, "tiers": [[null, 40]], "tolerance": 5}'),
        ('fine', '{"model": "flat", "tiers": [[null, 0.011]]}'),
        ('fine brackets', '{"model": "graduated", "tiers": [[1, 0.005], [2, 0.005], [null, 0.004]]}'),
        ('half', '{"model": "flat", "tiers": [[null, 0.005]]}'),
        ('below half', '{"model": "flat", "tiers": [[null, 0.0049999]]}'),
        ('two and a half', '{"model": "flat", "tiers": [[null, 0.125]]}'),
        ('yen', '{"model": "flat", "currency": "JPY", "tiers": [[null, 2.5]]}'),
        ('dinar', '{"model": "flat", "currency": "KWD", "tiers": [[null, 0.1235]]}'),
        ('free', '{"model": "flat", "tiers": [[null, 0]], "minimum": 5}'),
        ('large', '{"model": "flat", "tiers": [[null, 123456789.987654321]]}')
    ) AS t (name, terms)
    $test$,
    'terms of every kind');
SELECT pg_temp.terms('hundred brackets', jsonb_build_object(
    'model', 'graduated',
    'tiers', (SELECT jsonb_agg(jsonb_build_array(n, 0.011) ORDER BY n) FROM generate_series(1, 100) AS n)));

-- Overage 0 charges nothing, whatever the minimum, a flat fee or the model.
SELECT is(pg_temp.charge(c.name, 0), CASE c.name WHEN 'yen' THEN '0' WHEN 'dinar' THEN '0.000' ELSE '0.00' END,
    'overage 0: ' || c.name)
FROM headroom.contract AS c
ORDER BY c.contract_id;

-- The examples of the rules, then what they leave.
SELECT is(pg_temp.charge(e.name, e.overage), e.charge, format('%s, overage %s', e.name, e.overage))
FROM (VALUES
    ('flat', 1, '2.50'),
    ('flat', 8, '20.00'),
    ('tolerance', 3, '0.00'),
    ('tolerance', 5, '0.00'),
    ('tolerance', 8, '7.50'),
    ('cliff', 5, '0.00'),
    ('cliff', 6, '15.00'),
    ('cliff', 8, '20.00'),
    ('graduated', 10, '30.00'),
    ('graduated', 11, '32.25'),
    ('volume', 10, '30.00'),
    ('volume', 11, '24.75'),
    ('package', 1, '40.00'),
    ('package', 25, '40.00'),
    ('package', 26, '80.00'),
    ('package with tolerance', 30, '40.00'),
    ('package with tolerance', 31, '80.00'),
    ('fine', 100, '1.10'),
    ('hundred brackets', 100, '1.00'),
    ('hundred brackets', 101, '1.01'),
    ('half', 1, '0.01'),
    ('half', 3, '0.02'),
    ('below half', 1, '0.00'),
    ('two and a half', 1, '0.13'),
    ('flat with minimum', 1, '100.00'),
    ('flat with minimum', 41, '102.50'),
    ('flat with cap', 8, '20.00'),
    ('flat with cap', 9, '20.00'),
    ('minimum and cap', 1, '10.00'),
    ('minimum and cap', 100, '20.00'),
    ('minimum is cap', 1, '15.00'),
    ('fee', 2, '5.00'),
    ('free', 3, '5.00'),
    ('yen', 1, '3'),
    ('dinar', 1, '0.124'),
    ('large', 9000000000, '1111111109888888889.00')
) AS e (name, overage, charge);

-- The lines: what is charged where, and that each is rounded by itself.
SELECT is(pg_temp.lines(e.name, e.overage), e.lines, format('lines of %s, overage %s', e.name, e.overage))
FROM (VALUES
    ('tolerance', 5, NULL),
    ('graduated with tolerance', 8, 'tier 1..2 2 x 3.00 = 6.00; tier 3..3 1 x 2.25 = 2.25'),
    ('graduated with cliff', 8, 'tier 1..2 2 x 3.00 = 6.00; tier 3..8 6 x 2.25 = 13.50'),
    ('graduated with fees', 11, 'tier 1..10 10 x 3.00 = 30.00; flat_fee 1..10 = 50.00; '
        'tier 11..11 1 x 2.00 = 2.00; flat_fee 11..11 = 30.00'),
    ('volume with fees', 11, 'tier 1..11 11 x 2.00 = 22.00; flat_fee 1..11 = 30.00'),
    ('fine brackets', 3, 'tier 1..1 1 x 0.005 = 0.01; tier 2..2 1 x 0.005 = 0.01; tier 3..3 1 x 0.004 = 0.00'),
    ('package', 26, 'tier 1..26 26 x 40 = 80.00'),
    ('flat with minimum', 1, 'tier 1..1 1 x 2.50 = 2.50; minimum = 97.50'),
    ('minimum and cap', 4, 'tier 1..4 4 x 2.50 = 10.00'),
    ('minimum and cap', 8, 'tier 1..8 8 x 2.50 = 20.00'),
    ('flat with cap', 9, 'tier 1..9 9 x 2.50 = 22.50; cap = -2.50')
) AS e (name, overage, lines);

SELECT is_empty(
    $$
    SELECT c.name, o.overage
    FROM headroom.contract AS c
    CROSS JOIN (VALUES (1), (7), (11), (26), (1000)) AS o (overage)
    WHERE headroom.charge(c.contract_id, '2026-10-01', o.overage) IS DISTINCT FROM
        (SELECT coalesce(sum(l.amount), 0) FROM headroom.charge_lines(c.contract_id, '2026-10-01', o.overage) AS l)
    $$,
    'the charge is the sum of its lines');

-- Texts of money: exactly the currency's digits, half away from zero.
SELECT is(headroom.money(m.amount, m.currency), m.text, format('%s %s', m.amount, m.currency))
FROM (VALUES
    (0, 'USD', '0.00'),
    (0, 'JPY', '0'),
    (0, 'KWD', '0.000'),
    (1234567.5, 'JPY', '1234568'),
    (-0.005, 'USD', '-0.01'),
    (2.5, 'EUR', '2.50')
) AS m (amount, currency, text);

SELECT * FROM finish();
ROLLBACK;
