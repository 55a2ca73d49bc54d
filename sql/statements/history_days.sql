-- SPDX-License-Identifier: MIT
-- The days of a month up to an instant.
-- $1 contract_id bigint; $2 month date; $3 microseconds since the epoch.
-- Columns: new_handles, seen (numbers with commas between them, one a day, null where no day has begun).
SELECT
    string_agg(new_handles::text, ',' ORDER BY day) AS new_handles,
    string_agg(seen::text, ',' ORDER BY day) AS seen
FROM headroom.days_before(
    $1::bigint, $2::date, TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond');
