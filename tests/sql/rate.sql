-- SPDX-License-Identifier: MIT
-- How near a month came to the rate limit, by minute and app: what a minute's share is, which batches and times belong
-- to the month, and of a closed month as when it was closed.
BEGIN;
SELECT plan(13);

\ir lib/ledger.psql

CREATE FUNCTION pg_temp.rate(
    of_batch bigint, at timestamptz, of_app text, requests bigint, rate_limited bigint, rate_remaining integer,
    rate_limit integer, contract text DEFAULT 'acme')
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.rate_minute (
        batch_id, contract_id, minute, app, requests, rate_limited, rate_remaining_min, rate_limit_max)
    VALUES (of_batch, pg_temp.contract_id(contract), at, of_app, requests, rate_limited, rate_remaining, rate_limit)
$$;

-- The minutes of March as text: "09:00 studio 3 0 40/100 0.60"; what is not known is "-".
CREATE FUNCTION pg_temp.minutes(contract text DEFAULT 'acme', month date DEFAULT '2026-03-01')
RETURNS text
LANGUAGE sql
AS $$
    SELECT string_agg(
        format('%s %s %s %s %s/%s %s', to_char(m.minute AT TIME ZONE 'UTC', 'DD HH24:MI'), coalesce(m.app, '-'), m.requests,
            m.rate_limited, coalesce(m.rate_remaining::text, '-'), coalesce(m.rate_limit::text, '-'),
            coalesce(round(m.used, 2)::text, '-')),
        '; ' ORDER BY m.minute, m.app COLLATE "C")
    FROM headroom.rate_minutes(pg_temp.contract_id(contract), month) AS m
$$;

-- The nearest minute as text.
CREATE FUNCTION pg_temp.nearest()
RETURNS text
LANGUAGE sql
AS $$
    SELECT concat_ws(' ', to_char(r.minute AT TIME ZONE 'UTC', 'DD HH24:MI'), r.requests, round(r.used, 2), r.rate_limited,
        r.limited_minutes)
    FROM headroom.month_rate(pg_temp.contract_id('acme'), '2026-03-01') AS r
$$;

-- Vienna's March 2026 begins at 23:00 UTC and ends, in summer time, at 22:00 UTC.
SELECT pg_temp.contract('acme', 7, time_zone => 'Europe/Vienna');
SELECT pg_temp.contract('other', 7);
SELECT is(pg_temp.minutes(), NULL, 'nothing is known of a month without answers');
SELECT is_empty(
    $$SELECT * FROM headroom.month_rate(pg_temp.contract_id('acme'), '2026-03-01')$$, 'which then has no nearest minute');

-- ---- shares ----

INSERT INTO headroom.contract_app (contract_id, app_key, name) VALUES (pg_temp.contract_id('acme'), 'key', 'studio');
SELECT pg_temp.rate(1, '2026-03-02T09:00Z', 'key', 3, 0, 40, 100);
SELECT pg_temp.rate(2, '2026-03-02T09:00Z', 'key', 1, 0, 30, 90);
SELECT is(
    pg_temp.minutes(), '02 09:00 studio 4 0 30/100 0.70',
    'batches add up: requests, the least that was left, the largest allowance');
SELECT pg_temp.rate(1, '2026-03-02T09:00Z', NULL, 2, 0, 99, 100);
SELECT pg_temp.rate(1, '2026-03-02T09:01Z', 'key', 5, 2, NULL, 100);
SELECT pg_temp.rate(1, '2026-03-02T09:02Z', 'key', 5, 0, NULL, 100);
SELECT pg_temp.rate(1, '2026-03-02T09:03Z', 'key', 5, 0, 7, NULL);
SELECT pg_temp.rate(1, '2026-03-02T09:04Z', 'key', 5, 0, 120, 100);
SELECT pg_temp.rate(1, '2026-03-02T09:05Z', 'key', 5, 0, 0, 0);
SELECT is(
    pg_temp.minutes(),
    '02 09:00 studio 4 0 30/100 0.70; 02 09:00 - 2 0 99/100 0.01; 02 09:01 studio 5 2 -/100 1.00; '
    || '02 09:02 studio 5 0 -/100 -; 02 09:03 studio 5 0 7/- -; 02 09:04 studio 5 0 120/100 0.00; 02 09:05 studio 5 0 0/0 -',
    'each app has its own; a 429 is all of it; half of what must be known is nothing; more left than allowed is none used');
SELECT is(pg_temp.nearest(), '02 09:01 5 1.00 2 1', 'the minute with an answer 429 is the nearest one');
SELECT pg_temp.rate(1, '2026-03-02T08:00Z', 'key', 1, 1, 0, 100);
SELECT is(pg_temp.nearest(), '02 08:00 1 1.00 3 2', 'the first of two; answers 429 are of the whole month');

-- ---- what belongs to the month ----

DELETE FROM headroom.rate_minute;
SELECT pg_temp.rate(1, '2026-02-28T22:59Z', NULL, 1, 0, 1, 10);
SELECT pg_temp.rate(1, '2026-02-28T23:00Z', NULL, 2, 0, 2, 10);
SELECT pg_temp.rate(1, '2026-03-31T21:59Z', NULL, 3, 0, 3, 10);
SELECT pg_temp.rate(1, '2026-03-31T22:00Z', NULL, 4, 0, 4, 10);
SELECT pg_temp.rate(1, '2026-03-10T12:00Z', NULL, 5, 0, 5, 10, 'other');
SELECT is(pg_temp.minutes(), '28 23:00 - 2 0 2/10 0.80; 31 21:59 - 3 0 3/10 0.70', 'from its begin to before its end, in its zone');
SELECT is(pg_temp.minutes('other'), '10 12:00 - 5 0 5/10 0.50', 'each contract by itself');
SELECT pg_temp.rate(2, '2026-03-31T21:59Z', NULL, 1, 1, 0, 10);
SELECT pg_temp.change(2, 'void');
SELECT is(pg_temp.minutes(), '28 23:00 - 2 0 2/10 0.80; 31 21:59 - 3 0 3/10 0.70', 'not of a voided batch');
SELECT pg_temp.change(2, 'restore');
SELECT is(pg_temp.minutes(), '28 23:00 - 2 0 2/10 0.80; 31 21:59 - 4 1 0/10 1.00', 'but of one that was brought back');

-- ---- words ----

SELECT is(
    ARRAY[
        headroom.rate_words(1, 1), headroom.rate_words(0, 1), headroom.rate_words(0, 0.901), headroom.rate_words(0, 0.9),
        headroom.rate_words(0, 0), headroom.rate_words(0, NULL)],
    ARRAY[
        'Requests were refused', 'Less than a tenth was left', 'Less than a tenth was left', 'Within the limit',
        'Within the limit', 'The log does not say enough'],
    'how near it came, in words');

-- ---- a closed month ----

SELECT headroom.chain_append('batch', 1, '', '2026-04-01Z');
SELECT headroom.add_seal(
    headroom.add_seal_owners(pg_temp.contract_id('acme'), '2026-03-01'), pg_temp.contract_id('acme'), '2026-03-01',
    '2026-04-01Z', '', '{}', '{}', NULL, 'test');
SELECT pg_temp.rate(9, '2026-03-31T21:59Z', NULL, 7, 7, 0, 10);
SELECT headroom.chain_append('batch', 9, '', '2026-05-01Z');
SELECT is(
    pg_temp.minutes(), '28 23:00 - 2 0 2/10 0.80; 31 21:59 - 4 1 0/10 1.00', 'a closed month has nothing that came since');
INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by)
VALUES (2, 'void', 'test', '2026-05-02Z', 'test');
SELECT headroom.chain_append('void', (SELECT max(c.change_id) FROM headroom.batch_change AS c), '', '2026-05-02Z');
SELECT is(
    pg_temp.minutes(), '28 23:00 - 2 0 2/10 0.80; 31 21:59 - 4 1 0/10 1.00', 'and keeps what was voided since');

SELECT * FROM finish();
ROLLBACK;
