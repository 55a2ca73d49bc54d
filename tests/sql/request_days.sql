-- SPDX-License-Identifier: MIT
-- How requests came out by day, and how far a month's figures reach; of a closed month as when it was closed.
BEGIN;
SELECT plan(8);

\ir lib/ledger.psql

-- Each day with requests as text: its bit, failures with the most frequent kind, 429, what was left of the rate limit.
CREATE FUNCTION pg_temp.days(contract text, month date)
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        format('%s: %s %s, %s, %s of %s', d.bit, d.failures, d.most_frequent, d.rate_limited, d.rate_remaining, d.rate_limit),
        '; ' ORDER BY d.bit)
    FROM headroom.stated_request_days(pg_temp.contract_id(contract), month) AS d
$$;

CREATE FUNCTION pg_temp.daily(
    of_batch bigint, of_day integer, of_class headroom.class, of_outcome headroom.outcome, requests bigint,
    rate_limited bigint DEFAULT 0, rate_remaining integer DEFAULT NULL, rate_limit integer DEFAULT NULL)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.daily (
        batch_id, contract_id, month, day, source, via_app, ownerless, class, outcome, requests, failed_tweets,
        rate_limited, rate_remaining_min, rate_limit_max)
    VALUES (
        of_batch, pg_temp.contract_id('acme'), '2026-03-01', of_day, 's', false, false, of_class, of_outcome, requests, 0,
        rate_limited, rate_remaining, rate_limit)
$$;

-- Whether the reach is what the status says.
CREATE FUNCTION pg_temp.reach_is_status(of_month date, now_at timestamptz)
RETURNS boolean
LANGUAGE sql
AS $$
    SELECT ROW(r.state, r.as_of, r.unit_limit) IS NOT DISTINCT FROM ROW(s.state, s.as_of, s.unit_limit)
    FROM headroom.stated_reach(pg_temp.contract_id('acme'), of_month, now_at) AS r
    CROSS JOIN headroom.month_status(pg_temp.contract_id('acme'), of_month, now_at) AS s
$$;

SELECT pg_temp.contract('acme', 7);
SELECT pg_temp.daily(1, 0, 'delivered', 'ok', 5, 0, 90, 100);
SELECT pg_temp.daily(1, 0, 'answered', 'partial', 2, 0, 80, 100);
SELECT pg_temp.daily(1, 0, 'delivered', NULL, 3);
SELECT pg_temp.daily(1, 1, 'attempted', NULL, 4);
SELECT pg_temp.daily(1, 1, 'attempted', 'not_found', 2);
SELECT pg_temp.daily(1, 1, 'not_attempted', 'rate_limited', 4, 4, 0, 50);
SELECT pg_temp.daily(2, 1, 'not_attempted', 'rate_limited', 1, 1, 3, 100);
SELECT is(
    pg_temp.days('acme', '2026-03-01'), '0: 0 , 0, 80 of 100; 1: 11 rate_limited, 5, 0 of 100',
    'failures are neither ok nor partial; without an outcome, what was not answered');
DELETE FROM headroom.daily WHERE outcome = 'rate_limited';
SELECT is(pg_temp.days('acme', '2026-03-01'), '0: 0 , 0, 80 of 100; 1: 6 no outcome, 0,  of ', 'nothing is known of a limit');
SELECT is(pg_temp.days('acme', '2026-04-01'), NULL, 'no day without requests');
DELETE FROM headroom.daily;

SELECT pg_temp.event('acme', '2026-03-02T12:00Z', '1');
SELECT pg_temp.roll_up();
SELECT ok(pg_temp.reach_is_status('2026-03-01', '2026-03-20Z'), 'an open month reaches as far as its data');
SELECT ok(pg_temp.reach_is_status('2026-03-01', '2026-03-02T01:00Z'), 'but not beyond the present');
SELECT ok(pg_temp.reach_is_status('2026-08-01', '2026-03-20Z'), 'one of which nothing was delivered reaches nowhere');

SELECT headroom.chain_append('batch', 1, '', '2026-04-01Z');
SELECT headroom.add_seal(
    headroom.add_seal_owners(pg_temp.contract_id('acme'), '2026-03-01'), pg_temp.contract_id('acme'), '2026-03-01',
    '2026-04-01Z', '', '{}', '{}', NULL, 'test');
UPDATE headroom.term SET unit_limit = 9;
SELECT ok(pg_temp.reach_is_status('2026-03-01', '2026-05-01Z'), 'a closed one as far as when it was closed');
SELECT pg_temp.event('acme', '2026-03-03T12:00Z', '2', 'attempted', false, NULL, 's', 9);
SELECT pg_temp.roll_up();
SELECT headroom.chain_append('batch', 9, '', '2026-05-01Z');
SELECT is(pg_temp.days('acme', '2026-03-01'), '1: 0 , 0,  of ', 'and without what was taken in since');

SELECT * FROM finish();
ROLLBACK;
