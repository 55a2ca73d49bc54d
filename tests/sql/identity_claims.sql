-- SPDX-License-Identifier: MIT
-- What an import says of a handle's days, what a voided batch or a withdrawn import no longer says, and, with random
-- facts, claims and withdrawals, each day's owner against a search one by one.
BEGIN;
SELECT plan(43);

\ir lib/ledger.psql

\set seed 1
\getenv seed HEADROOM_TEST_SEED
\set full ''
\getenv full HEADROOM_TEST_FULL
SELECT diag('seed ' || :'seed');
SELECT setseed((:'seed'::numeric % 1000003) / 1000003);

-- The owners of a handle over a month's days, as spans: "101:0-9 @amy:10-11 101:12-30".
CREATE FUNCTION pg_temp.spans(contract text, month date, handle text)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(format('%s:%s-%s', s.owner, s.first_day, s.last_day), ' ' ORDER BY s.first_day)
    FROM (
        SELECT d.owner, min(d.bit) AS first_day, max(d.bit) AS last_day
        FROM (
            SELECT h.owner, p.bit, p.bit - row_number() OVER (PARTITION BY h.owner ORDER BY p.bit) AS run
            FROM headroom.handle_owners(pg_temp.contract_id(contract), month) AS h
            JOIN headroom.period_days(pg_temp.contract_id(contract), month) AS p
                ON h.owned_days & (1::bigint << p.bit) <> 0
            WHERE h.subject = '@' || handle
        ) AS d
        GROUP BY d.owner, d.run
    ) AS s
$$;

-- Whether the count, the list and the recount of a month agree under every rule.
CREATE FUNCTION pg_temp.agree(contract text, month date)
RETURNS boolean
LANGUAGE sql
AS $$
    SELECT bool_and(
        s.unique_handles = r.unique_handles
        AND s.unique_handles = (
            SELECT count(*) FROM headroom.counted(pg_temp.contract_id(contract), month, s.rule)))
    FROM headroom.spread(pg_temp.contract_id(contract), month) AS s
    JOIN headroom.recount(pg_temp.contract_id(contract), month) AS r USING (rule)
$$;

SELECT pg_temp.contract('acme');
SELECT pg_temp.event('acme', '2026-03-01Z'::timestamptz + n * INTERVAL '1 day', '@' || handle)
FROM generate_series(0, 30) AS n, unnest(ARRAY['amy', 'bob', 'carol', 'dan', 'eve']) AS handle;
SELECT pg_temp.event('acme', '2026-03-05Z', '101');
SELECT pg_temp.event('acme', '2026-03-06Z', '@amy', via_app => true);
SELECT pg_temp.roll_up();

-- ---- a claim without facts ----

SELECT pg_temp.claim('amy', 101, '2026-03-11', '2026-03-21', 10);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'amy'), '@amy:0-9 101:10-19 @amy:20-30',
    'on days that it covers the handle is the user''s, on others nobody''s; "to" is the first day no longer meant');
SELECT is(pg_temp.owners('acme', '2026-03-01'), '101=11 @amy=22 @bob=31 @carol=31 @dan=31 @eve=31',
    'the requests of each; the handle itself owns what is left');
SELECT ok(pg_temp.agree('acme', '2026-03-01'), 'and all counts agree');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@amy', '2026-03-10T23:59:59.999999Z'), '@amy',
    'the owner at the last instant before');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@amy', '2026-03-11T00:00Z'), '101', 'at the first one');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@amy', '2026-03-20T23:59:59.999999Z'), '101', 'at the last');
SELECT is(headroom.owner_at(pg_temp.contract_id('acme'), '@amy', '2026-03-21T00:00Z'), '@amy', 'and after it');

-- ---- a claim and facts ----

SELECT pg_temp.fact('bob', 201, '2026-03-10T12:00Z');
SELECT pg_temp.fact('bob', 202, '2026-03-15T12:00Z');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'bob'), '201:0-13 202:14-30', 'facts alone');
SELECT pg_temp.claim('bob', 203, '2026-03-13', '2026-03-17', 10);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'bob'), '201:0-11 203:12-15 202:16-30',
    'a claim wins over all facts of its days, the facts keep the others');
SELECT pg_temp.claim('bob', 201, '2026-03-20', NULL, 10);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'bob'), '201:0-11 203:12-15 202:16-18 201:19-30',
    'a handle comes back to an earlier owner where an import says so; without "to" to the end');
SELECT is(pg_temp.owners('acme', '2026-03-01'), '101=11 201=24 202=3 203=4 @amy=22 @carol=31 @dan=31 @eve=31',
    'and the owner has both parts');
SELECT ok(pg_temp.agree('acme', '2026-03-01'), 'and all counts agree');
SELECT pg_temp.claim('bob', 204, NULL, '2026-03-03', 10);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'bob'), '204:0-1 201:2-11 203:12-15 202:16-18 201:19-30',
    'without "from" from the beginning');

-- ---- several imports: the later one wins, whatever was loaded first ----

SELECT pg_temp.claim('carol', 302, '2026-03-05', '2026-03-10', 12);
SELECT pg_temp.claim('carol', 301, '2026-03-03', '2026-03-20', 11);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'carol'), '@carol:0-1 301:2-3 302:4-8 301:9-18 @carol:19-30',
    'the later import wins over the earlier on the days of both');
SELECT pg_temp.claim('carol', 303, NULL, '2026-04-01', 13);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'carol'), '303:0-30', 'and hides it where it covers all');
SELECT is(pg_temp.owners('acme', '2026-03-01'),
    '101=11 201=22 202=3 203=4 204=2 303=31 @amy=22 @dan=31 @eve=31', 'one owner again');
SELECT ok(pg_temp.agree('acme', '2026-03-01'), 'and all counts agree');

-- ---- an import that was withdrawn says nothing; restored it says the same again ----

SELECT pg_temp.change(13, 'withdraw');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'carol'), '@carol:0-1 301:2-3 302:4-8 301:9-18 @carol:19-30',
    'a withdrawn import is gone');
SELECT pg_temp.change(12, 'withdraw');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'carol'), '@carol:0-1 301:2-18 @carol:19-30', 'and another one');
SELECT ok(pg_temp.agree('acme', '2026-03-01'), 'and all counts agree');
SELECT pg_temp.change(13, 'restore');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'carol'), '303:0-30', 'a restored one is there again');
SELECT pg_temp.change(10, 'withdraw');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'bob'), '201:0-13 202:14-30', 'then the facts alone act');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'amy'), NULL, 'and of others nothing is known');

-- ---- a voided batch teaches nothing ----

SELECT pg_temp.fact('dan', 401, '2026-01-01Z', 20);
SELECT pg_temp.fact('dan', 401, '2026-03-20Z', 21);
SELECT pg_temp.fact('dan', 402, '2026-03-08Z', 22);
SELECT is(pg_temp.spans('acme', '2026-03-01', 'dan'), '401:0-6 402:7-30', 'the minimum of what several batches taught');
SELECT pg_temp.change(20, 'void');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'dan'), '402:0-18 401:19-30',
    'without the batch that saw it first the next one''s time holds');
SELECT pg_temp.change(22, 'void');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'dan'), '401:0-30', 'and without its only batch a user is unknown');
SELECT pg_temp.change(21, 'void');
SELECT is(pg_temp.spans('acme', '2026-03-01', 'dan'), NULL, 'without any, nobody is known');
SELECT pg_temp.event('acme', '2026-03-03Z', '@only');
SELECT pg_temp.event('acme', '2026-03-03Z', '@both');
SELECT pg_temp.roll_up();
SELECT pg_temp.fact('only', 403, '2026-01-01Z', 23);
SELECT pg_temp.fact('both', 404, '2026-01-01Z', 1);
SELECT pg_temp.fact('both', 403, '2026-01-01Z', 23);
SELECT pg_temp.change(23, 'void');
SELECT is(
    (SELECT string_agg(concat_ws(' ', o.subject, o.owner, o.shared), ', ')
    FROM headroom.handle_owners(pg_temp.contract_id('acme'), '2026-03-01') AS o
    WHERE o.subject IN ('@only', '@both')),
    '@both 404 f',
    'a handle whose one user a voided batch taught has none, and one of two that it taught is not there');
SELECT ok(pg_temp.agree('acme', '2026-03-01'), 'and all counts agree');

-- ---- who a user is shown as ----

SELECT pg_temp.fact('oldname', 101, '2026-01-01Z');
SELECT pg_temp.claim('newname', 101, '2026-02-01', NULL, 14);
SELECT is(
    (SELECT c.handle FROM headroom.counted(pg_temp.contract_id('acme'), '2026-03-01', 'answered') AS c
    WHERE c.owner = '101'),
    'newname', 'by the handle taken last, as an import says too');
SELECT pg_temp.claim('firstname', 101, NULL, '2026-01-01', 14);
SELECT pg_temp.change(14, 'withdraw');
SELECT is(
    (SELECT c.handle FROM headroom.counted(pg_temp.contract_id('acme'), '2026-03-01', 'answered') AS c
    WHERE c.owner = '101'),
    'oldname', 'but not after it was withdrawn');

-- ---- days of the contract's zone, in a period that begins within a month and has a change of the clock ----

SELECT pg_temp.contract('west', time_zone => 'America/Los_Angeles', billing_day => 8);
SELECT pg_temp.event('west', '2026-03-08T08:00Z'::timestamptz + n * INTERVAL '6 hours', '@ida')
FROM generate_series(0, 120) AS n;
SELECT pg_temp.roll_up();
SELECT pg_temp.claim('ida', 901, NULL, '2026-03-09', 15);
SELECT pg_temp.claim('ida', 902, '2026-04-07', NULL, 15);
SELECT is(pg_temp.spans('west', '2026-03-01', 'ida'), '901:0-0 @ida:1-29 902:30-30',
    'the first day, which has 23 hours, and the last');
SELECT is(pg_temp.owners('west', '2026-03-01'), '901=4 902=1 @ida=116', 'the requests of these days');
SELECT ok(pg_temp.agree('west', '2026-03-01'), 'and all counts agree');

-- ---- an event's pair of one owner ----

SELECT pg_temp.event('acme', '2026-05-02Z', '@fay', event_id => 'twice', batch_id => 30);
SELECT pg_temp.event('acme', '2026-05-03Z', '501', event_id => 'twice', batch_id => 31);
SELECT pg_temp.roll_up();
SELECT is((SELECT array_agg(p.resolved) FROM headroom.id_pairs(pg_temp.contract_id('acme'), '2026-05-01') AS p),
    ARRAY[false], 'a pair of two owners');
SELECT pg_temp.claim('fay', 501, '2026-05-01', NULL, 16);
SELECT is((SELECT array_agg(p.resolved) FROM headroom.id_pairs(pg_temp.contract_id('acme'), '2026-05-01') AS p),
    ARRAY[true], 'is resolved by a claim');
SELECT pg_temp.change(31, 'void');
SELECT is_empty('SELECT * FROM headroom.id_pairs(pg_temp.contract_id(''acme''), ''2026-05-01'')',
    'and is none without the voided event');

-- ---- random facts, claims, voids and withdrawals against a search one by one ----

SELECT pg_temp.contract('sydney', time_zone => 'Australia/Sydney', billing_day => 20);
SELECT pg_temp.event('sydney', '2026-09-19T14:00Z'::timestamptz + floor(random() * 60 * 24) * INTERVAL '1 hour',
    '@r' || floor(random() * 40),
    (enum_range(NULL::headroom.class))[1 + floor(random() * 4)::integer], random() < 0.2,
    batch_id => 100 + floor(random() * 6)::integer)
FROM generate_series(1, CASE WHEN :'full' = '' THEN 1500 ELSE 15000 END) AS n;
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT * FROM (VALUES (101, 'void'), (105, 'void'), (105, 'restore'), (111, 'withdraw'),
        (114, 'withdraw'), (114, 'restore'), (116, 'withdraw'), (116, 'restore'), (116, 'withdraw')) AS v (batch, action)
    LOOP
        PERFORM pg_temp.change(c.batch, c.action::headroom.batch_action);
    END LOOP;
END
$$;
SELECT pg_temp.roll_up();
INSERT INTO headroom.identity_fact (subject, user_id, batch_id, first_together)
SELECT '@r' || floor(random() * 30), 900 + floor(random() * 12), 100 + n % 18,
    '2026-09-10Z'::timestamptz + floor(random() * 40) * INTERVAL '31 hours'
FROM generate_series(1, 120) AS n
ON CONFLICT DO NOTHING;
INSERT INTO headroom.identity_claim (subject, user_id, batch_id, line, valid_from, valid_until)
SELECT '@r' || floor(random() * 40), 900 + floor(random() * 12), 110 + n % 8, n, d.valid_from, d.valid_until
FROM generate_series(1, 90) AS n
CROSS JOIN LATERAL (SELECT '2026-09-10'::date + floor(random() * 70 + 0 * n)::integer AS day) AS s
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN n % 5 <> 0 THEN s.day END AS valid_from,
        CASE WHEN n % 5 = 0 OR n % 3 <> 0 THEN s.day + 1 + (n * 7) % 20 END AS valid_until
) AS d;

-- Whether the batch counts, from all its changes in turn.
CREATE FUNCTION pg_temp.in_force(of_batch bigint)
RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    change record;
    holds boolean := true;
BEGIN
    FOR change IN SELECT c.action FROM headroom.batch_change AS c WHERE c.batch_id = of_batch ORDER BY c.change_id LOOP
        holds := change.action = 'restore';
    END LOOP;
    RETURN holds;
END
$$;

-- The owner of a handle on a day, by going through all that was ever said.
CREATE FUNCTION pg_temp.owner_on(of_subject text, day date, day_end timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    said record;
    latest bigint;
    latest_at timestamptz;
    earliest bigint;
    earliest_at timestamptz;
BEGIN
    FOR said IN
        SELECT c.* FROM headroom.identity_claim AS c WHERE c.subject = of_subject ORDER BY c.batch_id DESC, c.line DESC
    LOOP
        IF pg_temp.in_force(said.batch_id)
            AND NOT (said.valid_from IS NOT NULL AND day < said.valid_from)
            AND NOT (said.valid_until IS NOT NULL AND day >= said.valid_until)
        THEN
            RETURN said.user_id;
        END IF;
    END LOOP;
    FOR said IN
        SELECT f.user_id, min(f.first_together) AS at
        FROM headroom.identity_fact AS f
        WHERE f.subject = of_subject AND pg_temp.in_force(f.batch_id)
        GROUP BY f.user_id
        ORDER BY f.user_id
    LOOP
        IF earliest IS NULL OR said.at < earliest_at THEN
            earliest := said.user_id;
            earliest_at := said.at;
        END IF;
        IF said.at < day_end AND (latest IS NULL OR said.at > latest_at) THEN
            latest := said.user_id;
            latest_at := said.at;
        END IF;
    END LOOP;
    RETURN coalesce(latest::text, earliest::text, of_subject);
END
$$;

CREATE TEMP TABLE wanted AS
SELECT m.month, s.subject, p.bit, pg_temp.owner_on(s.subject, p.day, p.ends_at) AS owner
FROM (VALUES (DATE '2026-09-01'), ('2026-10-01')) AS m (month)
CROSS JOIN LATERAL headroom.period_days(pg_temp.contract_id('sydney'), m.month) AS p
JOIN (SELECT DISTINCT month, subject FROM headroom.usage WHERE contract_id = pg_temp.contract_id('sydney')) AS s
    ON s.month = m.month;
SELECT cmp_ok(
    (SELECT count(*) FROM (
        SELECT subject, month FROM wanted GROUP BY subject, month HAVING count(DISTINCT owner) > 2) AS s),
    '>', 10::bigint, 'there is something to compare');
SELECT set_eq(
    $$
    SELECT w.month, w.subject, w.bit, coalesce(h.owner, w.subject)
    FROM wanted AS w
    LEFT JOIN (
        SELECT m.month, h.subject, h.owned_days, h.owner
        FROM (VALUES (DATE '2026-09-01'), ('2026-10-01')) AS m (month)
        CROSS JOIN LATERAL headroom.handle_owners(pg_temp.contract_id('sydney'), m.month) AS h
    ) AS h ON h.month = w.month AND h.subject = w.subject AND h.owned_days & (1::bigint << w.bit) <> 0
    $$,
    'SELECT month, subject, bit, owner FROM wanted', 'each handle''s owner on each day');
SELECT set_eq(
    $$
    SELECT m.month, r.rule, c.owner, c.requests, c.counted_requests
    FROM (VALUES (DATE '2026-09-01'), ('2026-10-01')) AS m (month)
    CROSS JOIN headroom.counting_rule AS r
    CROSS JOIN LATERAL headroom.counted(pg_temp.contract_id('sydney'), m.month, r.rule) AS c
    $$,
    $$
    SELECT e.month, r.rule, w.owner, count(*) AS requests, count(*) FILTER (WHERE c.counts) AS counted
    FROM pg_temp.dated AS e
    CROSS JOIN headroom.counting_rule AS r
    JOIN wanted AS w ON w.month = e.month AND w.subject = e.subject AND w.bit = e.day
    CROSS JOIN LATERAL (SELECT e.class >= r.class AND (r.with_app OR NOT e.via_app) AS counts) AS c
    WHERE e.contract_id = pg_temp.contract_id('sydney') AND pg_temp.in_force(e.batch_id)
    GROUP BY e.month, r.rule, w.owner
    HAVING bool_or(c.counts)
    $$,
    'each owner''s requests, without those of voided batches');
SELECT ok(pg_temp.agree('sydney', '2026-09-01') AND pg_temp.agree('sydney', '2026-10-01'), 'and all counts agree');


-- ---- over all time ----

SELECT set_eq(
    $$
    SELECT w.month, w.subject, w.bit, coalesce(t.user_id::text, w.subject)
    FROM wanted AS w
    JOIN headroom.period_days(pg_temp.contract_id('sydney'), w.month) AS p USING (bit)
    LEFT JOIN headroom.handle_tenures(ARRAY(SELECT DISTINCT subject FROM wanted), 'Australia/Sydney') AS t
        ON t.subject = w.subject
        AND p.day >= coalesce(t.from_day, '-infinity')
        AND p.day < coalesce(t.until_day, 'infinity')
    $$,
    'SELECT month, subject, bit, owner FROM wanted', 'the tenures say the same of each day');
SELECT is_empty(
    $$
    SELECT t.subject
    FROM headroom.handle_tenures(ARRAY(SELECT DISTINCT subject FROM wanted), 'Australia/Sydney') AS t
    GROUP BY t.subject
    HAVING count(*) FILTER (WHERE t.from_day IS NULL) <> 1
        OR count(*) FILTER (WHERE t.until_day IS NULL) <> 1
        OR sum(t.until_day - DATE '2000-01-01') IS DISTINCT FROM sum(t.from_day - DATE '2000-01-01')
    $$,
    'without a gap, from always to without end');

SELECT * FROM finish();
ROLLBACK;
