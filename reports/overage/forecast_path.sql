-- SPDX-License-Identifier: MIT
-- Where the forecast is at the end of each day that is still to come, the last of them being the month's end. Rounded
-- outward.
-- $4 forecast jsonb.
-- Columns: see forecast.json.
SELECT
    path.date AS day,
    floor(path.p025)::bigint AS p025,
    floor(path.p10)::bigint AS p10,
    floor(path.p25)::bigint AS p25,
    round(path.p50)::bigint AS p50,
    ceil(path.p75)::bigint AS p75,
    ceil(path.p90)::bigint AS p90,
    ceil(path.p975)::bigint AS p975,
    ($4::jsonb ->> 'limit')::bigint - round(path.p50)::bigint AS headroom
FROM jsonb_to_recordset($4::jsonb -> 'path') AS path (
    date date, p025 double precision, p10 double precision, p25 double precision, p50 double precision,
    p75 double precision, p90 double precision, p975 double precision)
ORDER BY path.date;
