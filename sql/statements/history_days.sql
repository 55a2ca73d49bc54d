-- SPDX-License-Identifier: MIT
-- The days of a month up to an instant.
-- $1 contract_id bigint; $2 month date; $3 microseconds since the epoch; $4 the month's first day, as days since the
-- epoch.
-- Columns: new_handles, seen (numbers with commas between them, one a date, also for one that the zone skipped; null
-- where no day has begun).
WITH listed AS MATERIALIZED (
    SELECT d.day - DATE '1970-01-01' - $4::integer AS number, d.new_handles, d.seen
    FROM headroom.days_before(
        $1::bigint, $2::date, TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond') AS d
)
SELECT
    string_agg(coalesce(l.new_handles, 0)::text, ',' ORDER BY number) AS new_handles,
    string_agg(coalesce(l.seen, 0)::text, ',' ORDER BY number) AS seen
FROM generate_series(0, (SELECT max(m.number) FROM listed AS m)) AS n (number)
LEFT JOIN listed AS l USING (number);
