-- SPDX-License-Identifier: MIT
-- Random logs: the maintained count, the list, the curve and the recount agree, and each listed owner has exactly what
-- its events say. HEADROOM_TEST_SEED repeats a run; with HEADROOM_TEST_FULL the log is ten times as long.
BEGIN;
SELECT plan(11);

\ir lib/ledger.psql

\set seed 1
\getenv seed HEADROOM_TEST_SEED
\set full ''
\getenv full HEADROOM_TEST_FULL
SELECT diag('seed ' || :'seed');
SELECT setseed((:'seed'::numeric % 1000003) / 1000003);

SELECT pg_temp.contract('utc');
SELECT pg_temp.contract('york', time_zone => 'America/New_York', billing_day => 15, counting => 'delivered+app');
SELECT pg_temp.contract('sydney', time_zone => 'Australia/Sydney', billing_day => 28, counting => 'attempted');
SELECT headroom.ensure_partition('2026-02-01Z'::timestamptz + n * INTERVAL '31 days') FROM generate_series(0, 3) AS n;

-- 40 users by id, 30 handles, 5 tokens and the app, with times on the hour, so that many agree.
INSERT INTO headroom.event (
    occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal, position, label, endpoint)
SELECT
    '2026-02-10Z'::timestamptz + floor(random() * 75 * 24) * INTERVAL '1 hour',
    (SELECT min(contract_id) FROM headroom.contract) + floor(random() * 3)::integer,
    'source ' || floor(random() * 2),
    'id ' || n,
    k.subject,
    k.subject = '~app' OR random() < 0.2,
    (enum_range(NULL::headroom.class))[1 + floor(random() * 4)::integer],
    1 + n % 7,
    n,
    n,
    'label ' || n % 3,
    (enum_range(NULL::headroom.endpoint))[floor(random() * 4)::integer]
FROM generate_series(1, CASE WHEN :'full' = '' THEN 3000 ELSE 30000 END) AS n
CROSS JOIN LATERAL (
    SELECT CASE floor(random() * 10 + 0 * n)::integer
        WHEN 0 THEN '~app'
        WHEN 1 THEN '~token' || floor(random() * 5)
        WHEN 2 THEN '@h' || floor(random() * 30)
        WHEN 3 THEN '@h' || floor(random() * 30)
        WHEN 4 THEN '@h' || floor(random() * 30)
        WHEN 5 THEN '@h' || floor(random() * 30)
        ELSE (100 + floor(random() * 40))::integer::text
    END AS subject
) AS k;

-- Facts for two thirds of the handles, some with many users, in part with equal times.
INSERT INTO headroom.identity_fact (subject, user_id, batch_id, first_together)
SELECT
    '@h' || floor(random() * 20),
    100 + floor(random() * 40),
    n,
    '2026-02-01Z'::timestamptz + floor(random() * 45) * INTERVAL '47 hours'
FROM generate_series(1, 60) AS n;
SELECT pg_temp.roll_up();

CREATE TEMP TABLE month AS
SELECT c.contract_id, m.month::date AS month, r.rule, r.class, r.with_app
FROM headroom.contract AS c
CROSS JOIN generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-05-01', INTERVAL '1 month') AS m (month)
CROSS JOIN headroom.counting_rule AS r;

-- What each owner did, from the events one by one.
CREATE TEMP TABLE owned AS
SELECT e.*, headroom.owner_at(e.contract_id, e.subject, e.occurred_at) AS owner
FROM pg_temp.dated AS e;

CREATE TEMP VIEW expected AS
SELECT
    m.contract_id,
    m.month,
    m.rule,
    e.owner,
    count(*) AS requests,
    count(*) FILTER (WHERE c.counts) AS counted_requests,
    bit_or(1::bigint << e.day) FILTER (WHERE c.counts) AS days,
    min(e.occurred_at) FILTER (WHERE c.counts) AS first_seen,
    max(e.occurred_at) AS last_seen,
    bit_or(CASE e.endpoint WHEN 'totals' THEN 1 WHEN '28hr' THEN 2 WHEN 'historical' THEN 4 ELSE 0 END) AS endpoints,
    bool_or(c.counts) AS counted,
    max(e.class) FILTER (WHERE m.with_app OR NOT e.via_app) AS best,
    (array_agg(concat_ws(' ', e.source, e.event_id, e.batch_id, e.subject, e.label)
        ORDER BY e.occurred_at, e.source, e.event_id) FILTER (WHERE c.counts))[1] AS first
FROM month AS m
JOIN owned AS e USING (contract_id, month)
CROSS JOIN LATERAL (
    SELECT e.class >= m.class AND e.subject <> '~app' AND (m.with_app OR NOT e.via_app) AS counts
) AS c
WHERE e.owner <> '~app'
GROUP BY m.contract_id, m.month, m.rule, e.owner;

CREATE TEMP TABLE listed AS
SELECT m.contract_id, m.month, m.rule, l.*
FROM month AS m
CROSS JOIN LATERAL headroom.counted(m.contract_id, m.month, m.rule) AS l;

SELECT cmp_ok((SELECT count(*) FROM listed), '>', 500::bigint, 'there is something to compare');
SELECT cmp_ok(
    (SELECT count(*) FROM (SELECT DISTINCT contract_id, month FROM month) AS m
    CROSS JOIN LATERAL headroom.owned_usage(m.contract_id, m.month) AS o WHERE o.split),
    '>', 10::bigint, 'and handles change hands in the middle of a month');

SELECT set_eq(
    $$
    SELECT contract_id, month, rule, owner, requests, counted_requests, days, first_seen, last_seen, endpoints::integer,
        concat_ws(' ', first_source, first_id, first_batch, subject, label)
    FROM listed
    $$,
    $$
    SELECT contract_id, month, rule, owner, requests, counted_requests, days, first_seen, last_seen, endpoints, first
    FROM expected
    WHERE counted
    $$,
    'each listed owner, with its requests, days, endpoints and first counted event');
CREATE TEMP VIEW uncounted AS
SELECT m.contract_id, m.month, m.rule, u.*
FROM month AS m
CROSS JOIN LATERAL headroom.uncounted(m.contract_id, m.month, m.rule) AS u;
SELECT set_eq(
    $$
    SELECT contract_id, month, rule, owner, requests, last_seen, endpoints::integer, reason FROM uncounted
    $$,
    $$
    SELECT contract_id, month, rule, owner, requests, last_seen, endpoints,
        CASE
            WHEN best IS NULL THEN 'app_only'
            WHEN best = 'not_attempted' THEN 'not_attempted'
            WHEN best = 'attempted' THEN 'not_answered'
            WHEN best = 'answered' THEN 'not_delivered'
        END
    FROM expected
    WHERE NOT counted
    $$,
    'each owner that does not count, with the reason of its best request');
-- The more events, the fewer owners have only such requests.
SELECT cmp_ok((SELECT count(DISTINCT reason) FROM uncounted), '>=', 2::bigint, 'of which there are several kinds');
SELECT set_eq(
    'SELECT DISTINCT owner, handle, earlier_handles FROM listed WHERE user_id IS NOT NULL AND handle IS NOT NULL',
    $$
    SELECT n.owner, n.names[cardinality(n.names)], nullif(n.names[:cardinality(n.names) - 1], '{}')
    FROM (
        SELECT f.user_id::text AS owner, array_agg(substr(f.subject, 2) ORDER BY f.taken_at, f.subject DESC) AS names
        FROM (
            SELECT user_id, subject, min(first_together) AS taken_at
            FROM headroom.identity_fact
            GROUP BY user_id, subject
        ) AS f
        GROUP BY f.user_id
    ) AS n
    WHERE n.owner IN (SELECT owner FROM listed)
    $$,
    'the handle that each user took last, and those before it');
SELECT set_eq(
    $$
    SELECT DISTINCT m.contract_id, m.month, s.rule, s.unique_handles
    FROM month AS m CROSS JOIN LATERAL headroom.spread(m.contract_id, m.month) AS s
    $$,
    $$
    SELECT m.contract_id, m.month, m.rule, count(l.owner)
    FROM month AS m LEFT JOIN listed AS l USING (contract_id, month, rule)
    GROUP BY m.contract_id, m.month, m.rule
    $$,
    'the count is that of the list, under every rule');
SELECT set_eq(
    $$
    SELECT DISTINCT m.contract_id, m.month, s.rule, s.unique_handles
    FROM month AS m CROSS JOIN LATERAL headroom.spread(m.contract_id, m.month) AS s
    $$,
    $$
    SELECT DISTINCT m.contract_id, m.month, s.rule, s.unique_handles
    FROM month AS m CROSS JOIN LATERAL headroom.recount(m.contract_id, m.month) AS s
    $$,
    'and that of the recount');
SELECT set_eq(
    $$
    SELECT DISTINCT m.contract_id, m.month, s.rule, s.provisional, s.requests, s.counted_requests
    FROM month AS m CROSS JOIN LATERAL headroom.rule_counts(m.contract_id, m.month) AS s
    $$,
    $$
    SELECT
        m.contract_id,
        m.month,
        m.rule,
        (SELECT count(*) FROM listed AS l
        WHERE l.provisional AND (l.contract_id, l.month, l.rule) = (m.contract_id, m.month, m.rule)) AS provisional,
        (SELECT count(*) FROM owned AS e WHERE (e.contract_id, e.month) = (m.contract_id, m.month)) AS requests,
        (SELECT coalesce(sum(l.counted_requests), 0) FROM listed AS l
        WHERE (l.contract_id, l.month, l.rule) = (m.contract_id, m.month, m.rule))::bigint AS counted
    FROM month AS m
    $$,
    'provisional owners, all requests and counted requests');
SELECT set_eq(
    $$
    SELECT m.contract_id, m.month, m.rule, d.bit::integer, d.new_handles, d.seen
    FROM month AS m CROSS JOIN LATERAL headroom.month_days(m.contract_id, m.month, m.rule) AS d
    $$,
    $$
    SELECT
        m.contract_id,
        m.month,
        m.rule,
        d.bit::integer,
        count(*) FILTER (WHERE l.days & -l.days = 1::bigint << d.bit) AS new_handles,
        count(*) FILTER (WHERE l.days & (1::bigint << d.bit) <> 0) AS seen
    FROM month AS m
    CROSS JOIN LATERAL headroom.period_days(m.contract_id, m.month) AS d
    LEFT JOIN listed AS l USING (contract_id, month, rule)
    GROUP BY m.contract_id, m.month, m.rule, d.bit
    $$,
    'the daily curve');
SELECT is_empty(
    $$
    SELECT m.contract_id, m.month, k.*
    FROM (SELECT DISTINCT contract_id, month FROM month) AS m
    CROSS JOIN LATERAL headroom.month_checks(m.contract_id, m.month) AS k
    WHERE k.state <> 'pass'
    $$,
    'the checks of every month');

SELECT * FROM finish();
ROLLBACK;
