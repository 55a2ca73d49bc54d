-- SPDX-License-Identifier: MIT
-- Who is there for the first time in a month, and who returns.
BEGIN;
SELECT plan(15);

\ir lib/ledger.psql

-- The month's owners in order, those that are there for the first time marked: "101 102!".
CREATE FUNCTION pg_temp.kinds(contract text, month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        r.owner || CASE WHEN r.returns THEN '' ELSE '!' END, ' ' ORDER BY r.owner COLLATE "C")
    FROM headroom.returning_owners(pg_temp.contract_id(contract), month) AS r
$$;

-- The same from the lists of handles of all earlier months.
CREATE FUNCTION pg_temp.kinds_by_lists(contract text, of_month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        o.owner || CASE WHEN EXISTS (
            SELECT
            FROM generate_series(DATE '2026-01-01', of_month - INTERVAL '1 month', INTERVAL '1 month') AS m (month)
            CROSS JOIN LATERAL headroom.month_owners(pg_temp.contract_id(contract), m.month::date) AS e
            WHERE e.owner = o.owner)
            THEN '' ELSE '!' END, ' ' ORDER BY o.owner COLLATE "C")
    FROM headroom.month_owners(pg_temp.contract_id(contract), of_month) AS o
$$;

CREATE FUNCTION pg_temp.seal(contract text, month date)
RETURNS void
LANGUAGE sql
AS $$
    SELECT headroom.add_seal(
        headroom.add_seal_owners(pg_temp.contract_id(contract), month), pg_temp.contract_id(contract), month,
        '2026-08-01Z', '', '{}', '{}', NULL, 'test')
$$;

SELECT pg_temp.contract('acme');
SELECT pg_temp.contract('other');
SELECT pg_temp.event('acme', '2026-02-03T12:00Z', '101');
SELECT pg_temp.event('acme', '2026-02-03T12:00Z', '102', 'attempted');
SELECT pg_temp.event('acme', '2026-02-04T12:00Z', '103', 'delivered', true);
SELECT pg_temp.event('other', '2026-02-04T12:00Z', '104');
SELECT pg_temp.event('acme', '2026-02-04T12:00Z', '@amy');
SELECT pg_temp.event('acme', '2026-02-04T12:00Z', '~token');
SELECT pg_temp.event('acme', '2026-04-05T12:00Z', s)
FROM unnest(ARRAY['101', '102', '103', '104', '105', '@amy', '~token']) AS s;
SELECT pg_temp.event('acme', '2026-04-05T12:00Z', '~app', 'delivered', true);
SELECT pg_temp.event('acme', '2026-05-01T12:00Z', '101');
SELECT pg_temp.roll_up();

SELECT is(pg_temp.kinds('acme', '2026-02-01'), '101! @amy! ~token!', 'in the first month all are new to the contract');
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102! 103! 104! 105! @amy ~token',
    'an owner returns that counted in an earlier month, over a gap too: not one that was only asked for, by the app, '
    'for another contract or later');
SELECT is(pg_temp.kinds('acme', '2026-03-01'), NULL, 'nobody in an empty month');
SELECT is(pg_temp.kinds('acme', '2019-01-01'), NULL, 'nor in one without a period');

-- ---- the rule of each month ----

UPDATE headroom.term SET counting = 'attempted' WHERE contract_id = pg_temp.contract_id('acme');
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102 103! 104! 105! @amy ~token', 'by the rule of the earlier month');
UPDATE headroom.term SET counting = 'attempted+app' WHERE contract_id = pg_temp.contract_id('acme');
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102 103 104! 105! @amy ~token', 'that of the app too');
UPDATE headroom.term SET counting = 'answered' WHERE contract_id = pg_temp.contract_id('acme');

SELECT pg_temp.contract('app', 5, 'answered+app');
SELECT pg_temp.event('app', '2026-02-03T12:00Z', '201', 'delivered', true);
SELECT pg_temp.event('app', '2026-03-03T12:00Z', '201');
SELECT pg_temp.roll_up();
SELECT is(pg_temp.kinds('app', '2026-03-01'), '201', 'also where the app was all that there was');

-- ---- identities as known today ----

SELECT pg_temp.fact('amy', 105, '2026-06-01Z');
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102! 103! 104! 105 ~token', 'a handle is its user, in both months');
SELECT pg_temp.claim('amy', 106, '2026-02-01', '2026-03-01');
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102! 103! 104! 105! ~token',
    'one that was another user''s in the earlier month is no return');
SELECT is(pg_temp.kinds('acme', '2026-02-01'), '101! 106! ~token!', 'but that user''s');

-- ---- closed months ----

SELECT pg_temp.seal('acme', '2026-02-01');
SELECT pg_temp.claim('amy', 105, '2026-02-01', '2026-03-01', 2);
SELECT pg_temp.event('acme', '2026-02-20T12:00Z', '104', 'delivered', false, NULL, 's', 3);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102! 103! 104! 105! ~token', 'a closed month is as it was sealed');
SELECT pg_temp.seal('acme', '2026-04-01');
SELECT pg_temp.event('acme', '2026-04-20T12:00Z', '107', 'delivered', false, NULL, 's', 4);
SELECT pg_temp.roll_up();
SELECT is(pg_temp.kinds('acme', '2026-04-01'), '101 102! 103! 104! 105! ~token', 'so is the month itself');

-- ---- against the lists ----

SELECT setseed(0.25);
SELECT pg_temp.contract('any', 500, 'delivered+app');
SELECT pg_temp.event(
    'any', TIMESTAMPTZ '2026-01-01Z' + random() * INTERVAL '150 days',
    (ARRAY['', '@h', '~t'])[1 + floor(random() * 3)::integer] || floor(random() * 12),
    (ARRAY['attempted', 'answered', 'delivered']::headroom.class[])[1 + floor(random() * 3)::integer],
    random() < 0.3)
FROM generate_series(1, 150);
SELECT pg_temp.fact('h' || n, 1 + n % 5, TIMESTAMPTZ '2026-01-01Z' + random() * INTERVAL '150 days')
FROM generate_series(0, 9) AS n;
SELECT pg_temp.fact('h' || n, 2 + n % 5, TIMESTAMPTZ '2026-01-01Z' + random() * INTERVAL '150 days')
FROM generate_series(0, 6) AS n;
SELECT pg_temp.claim('h' || n, 7, '2026-02-10', '2026-03-20') FROM generate_series(5, 10) AS n;
SELECT pg_temp.roll_up();
SELECT is(pg_temp.kinds('any', m.month), pg_temp.kinds_by_lists('any', m.month), 'as the lists say, ' || m.month)
FROM (VALUES (DATE '2026-02-01'), ('2026-04-01'), ('2026-05-01')) AS m (month);

SELECT * FROM finish();
ROLLBACK;
