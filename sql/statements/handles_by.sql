-- SPDX-License-Identifier: MIT
-- The counted handles of a billing month, grouped by the label or the app of their first counted request. An app is
-- shown by its name, never by its key: one that no contract names by the beginning of its key's digest.
-- $1 contract_id bigint; $2 month date; $3 since timestamptz (null: the whole month); $4 since date, in the contract's
-- zone (null: none); $5 new boolean, as in handles_list; $6 'label' or 'app'.
-- Columns: name (null: none), unique_handles, requests, counted_requests.
WITH since AS (
    SELECT coalesce($3::timestamptz, headroom.day_start(term.time_zone, $4::date), '-infinity') AS at
    FROM headroom.period($1::bigint, $2::date) AS period
    JOIN headroom.term AS term ON term.term_id = period.term_id
),
named AS (
    SELECT
        CASE $6::text
            WHEN 'label' THEN counted.label
            ELSE headroom.shown_app(contract_app.name, counted.app)
        END AS name,
        counted.requests, counted.counted_requests
    FROM since
    CROSS JOIN headroom.month_owners($1::bigint, $2::date) AS counted
    LEFT JOIN headroom.contract_app AS contract_app ON contract_app.app_key = counted.app
    WHERE CASE WHEN $5::boolean THEN counted.first_seen ELSE counted.last_seen END >= since.at
)
SELECT
    name, count(*) AS unique_handles, sum(requests)::bigint AS requests,
    sum(counted_requests)::bigint AS counted_requests
FROM named
GROUP BY name
ORDER BY unique_handles DESC, name COLLATE "C";
