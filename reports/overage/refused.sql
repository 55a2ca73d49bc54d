-- SPDX-License-Identifier: MIT
-- The lines that may be of the month and could not be read, by reason, the most frequent first; of a closed month as
-- when it was closed: what was settled later was open then.
-- $1 contract_id bigint; $2 month date.
-- Columns: see not_counted.json.
WITH stated AS MATERIALIZED (
    SELECT headroom.batches_after(headroom.stated_until($1::bigint, $2::date)) AS later
),
refusal AS (
    SELECT
        line.reason,
        batch.file COLLATE "C" AS file,
        line.settled_by IS NOT NULL AND line.settled_by <> ALL (stated.later) AS is_settled
    FROM stated
    CROSS JOIN headroom.month_refusals($1::bigint, $2::date) AS line
    JOIN headroom.batch AS batch ON batch.batch_id = line.batch_id
    WHERE line.batch_id <> ALL (stated.later)
)
SELECT
    reason,
    count(*) AS lines,
    count(*) FILTER (WHERE is_settled) AS settled,
    count(*) FILTER (WHERE NOT is_settled) AS open,
    count(DISTINCT file) AS files,
    min(file) AS file
FROM refusal
GROUP BY reason
ORDER BY lines DESC, reason COLLATE "C";
