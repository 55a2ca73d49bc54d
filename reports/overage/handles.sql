-- SPDX-License-Identifier: MIT
-- Each counted owner with its evidence, in the order in which they began to count; ties by source, id and owner.
-- $1 contract_id bigint; $2 month date.
-- Columns: see layout.json.
SELECT
    row_number() OVER (
        ORDER BY
            counted.first_seen, counted.first_source COLLATE "C", counted.first_id COLLATE "C",
            counted.owner COLLATE "C") AS number,
    counted.owner,
    counted.user_id,
    counted.handle,
    CASE
        WHEN counted.provisional THEN 'provisional'
        WHEN counted.user_id IS NULL THEN 'handle'
        ELSE 'user id'
    END AS identity,
    counted.first_seen,
    counted.last_seen,
    counted.requests,
    counted.counted_requests,
    counted.first_source,
    counted.first_id,
    counted.first_batch,
    counted.label
FROM headroom.month_owners($1::bigint, $2::date) AS counted
ORDER BY number;
