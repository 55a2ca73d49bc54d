-- SPDX-License-Identifier: MIT
-- Which of the forecasts that were said stands for the middle of a month, and what cannot be kept.
BEGIN;
SELECT plan(15);

\ir lib/ledger.psql

CREATE FUNCTION pg_temp.say(contract text, month date, said_on date)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO headroom.forecast_said (
        contract_id, month, said_on, said_at, as_of, used, p10, p50, p90, probability, unit_limit, expected_charge,
        currency, history_months, method, said_by)
    VALUES (
        pg_temp.contract_id(contract), month, said_on, said_on + TIME '08:00', said_on, 1, 2, 3, 4, 0.5, 5, 6.25, 'USD', 7,
        'credibility', 'ann')
$$;
CREATE FUNCTION pg_temp.middle(contract text, month date)
RETURNS date
LANGUAGE sql
AS $$ SELECT s.said_on FROM headroom.forecast_at_mid_month(pg_temp.contract_id(contract), month) AS s $$;

SELECT pg_temp.contract('acme', 20);
SELECT pg_temp.contract('other', 20);

-- ---- the middle ----

SELECT is(pg_temp.middle('acme', '2026-10-01'), NULL, 'none was said: there is none');
SELECT pg_temp.say('acme', '2026-10-01', '2026-10-02');
SELECT pg_temp.say('acme', '2026-09-01', '2026-09-20');
SELECT pg_temp.say('other', '2026-10-01', '2026-10-16');
SELECT is(pg_temp.middle('acme', '2026-10-01'), '2026-10-02'::date, 'the only one, however far; not that of another month or contract');
SELECT pg_temp.say('acme', '2026-10-01', '2026-10-30');
SELECT is(pg_temp.middle('acme', '2026-10-01'), '2026-10-02'::date, 'both are 14 days away: the earlier');
SELECT pg_temp.say('acme', '2026-10-01', '2026-10-18');
SELECT is(pg_temp.middle('acme', '2026-10-01'), '2026-10-18'::date, 'the nearest one, before or after');
SELECT pg_temp.say('acme', '2026-10-01', '2026-10-15');
SELECT is(pg_temp.middle('acme', '2026-10-01'), '2026-10-15'::date, 'a nearer one');
SELECT pg_temp.say('acme', '2026-10-01', '2026-10-16');
SELECT is(pg_temp.middle('acme', '2026-10-01'), '2026-10-16'::date, 'of 31 days the 16th is the middle');
SELECT pg_temp.say('acme', '2026-09-01', '2026-09-16');
SELECT pg_temp.say('acme', '2026-09-01', '2026-09-14');
SELECT is(pg_temp.middle('acme', '2026-09-01'), '2026-09-14'::date, 'of 30 the 15th');
SELECT is(
    (SELECT (p50, expected_charge, said_by)::text
    FROM headroom.forecast_at_mid_month(pg_temp.contract_id('acme'), '2026-09-01')),
    '(3,6.25,ann)', 'with all that was said');
UPDATE headroom.term SET billing_day = 20;
SELECT is(pg_temp.middle('acme', '2026-10-01'), '2026-10-30'::date, 'a month from the 20th on has another middle: the 4th');

-- ---- what cannot be kept ----

SELECT throws_ok(
    $$ SELECT pg_temp.say('acme', '2026-10-01', '2026-10-16') $$, '23505', NULL, 'a second one of the day');
SELECT throws_ok($$ SELECT pg_temp.say('acme', '2026-10-02', '2026-10-16') $$, '23514', NULL, 'a month that is none');
CREATE FUNCTION pg_temp.with_value(assignment text)
RETURNS text
LANGUAGE sql
AS $$ SELECT 'UPDATE headroom.forecast_said SET ' || assignment || ' WHERE said_on = ''2026-10-16''' $$;
SELECT throws_ok(pg_temp.with_value('used = 3'), '23514', NULL, 'quantiles below what is used');
SELECT throws_ok(pg_temp.with_value('p90 = ''NaN'''), '23514', NULL, 'a quantile that is none');
SELECT throws_ok(pg_temp.with_value('unit_limit = NULL'), '23514', NULL, 'a chance of passing no limit');
SELECT throws_ok(pg_temp.with_value('probability = 1.5'), '23514', NULL, 'a chance above 1');

SELECT * FROM finish();
ROLLBACK;
