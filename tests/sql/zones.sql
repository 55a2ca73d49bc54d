-- SPDX-License-Identifier: MIT
-- The offsets of a zone as a table, against the zone itself.
BEGIN;
SELECT plan(5);

-- Zones that change in odd ways: by half an hour, by two, over midnight, for a month of fasting, not at all.
CREATE TEMP TABLE zone (name) AS VALUES
    ('UTC'), ('Europe/Berlin'), ('America/New_York'), ('Australia/Lord_Howe'), ('Antarctica/Troll'),
    ('America/Sao_Paulo'), ('Africa/Casablanca'), ('Asia/Gaza'), ('Africa/Cairo'), ('Pacific/Apia'),
    ('Asia/Pyongyang'), ('America/Caracas'), ('Asia/Kathmandu'), ('Antarctica/Casey');
CREATE TEMP TABLE span AS
SELECT
    z.name,
    o.starts_at,
    coalesce(lead(o.starts_at) OVER (PARTITION BY z.name ORDER BY o.starts_at), '2036-01-01Z') AS ends_at,
    o.ahead
FROM zone AS z
CROSS JOIN LATERAL headroom.zone_offsets(z.name, '2006-01-01Z', '2036-01-01Z') AS o;

SELECT is_empty(
    $$
    SELECT s.name, t.at
    FROM span AS s
    CROSS JOIN LATERAL generate_series(s.starts_at, s.ends_at - INTERVAL '1 second', INTERVAL '24 hours') AS t (at)
    WHERE headroom.zone_offset(s.name, t.at) <> s.ahead
    $$,
    'every day is within its offset');
SELECT is_empty(
    $$
    SELECT s.name, s.starts_at
    FROM span AS s
    WHERE s.starts_at > '2006-01-01Z' AND headroom.zone_offset(s.name, s.starts_at - INTERVAL '1 second') = s.ahead
        OR headroom.zone_offset(s.name, s.starts_at) <> s.ahead
    $$,
    'a change is known to its second');
SELECT is(
    (SELECT string_agg(to_char(s.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' ' || s.ahead, ', '
        ORDER BY s.starts_at)
    FROM span AS s
    WHERE s.name = 'Europe/Berlin' AND s.starts_at BETWEEN '2026-01-01Z' AND '2027-01-01Z'),
    '2026-03-29 01:00:00 02:00:00, 2026-10-25 01:00:00 01:00:00', 'Berlin in 2026');
SELECT is(
    (SELECT count(*) FROM span AS s WHERE s.name = 'UTC'), 1::bigint, 'a zone that never changes has one row');
SELECT throws_ok(
    $$ SELECT * FROM headroom.zone_offsets('europe/berlin', '2006-01-01Z', '2007-01-01Z') $$, 'HR001',
    'unknown time zone ''europe/berlin''', 'a name that is no zone is refused');

SELECT * FROM finish();
ROLLBACK;
