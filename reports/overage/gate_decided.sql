-- SPDX-License-Identifier: MIT
-- What the gate decided about requests of the month, by decision and handle: of each decision the 50 handles with most
-- requests, and the others in one row. As known now, but in a closed month nothing is on its way any more.
-- $1 contract_id bigint; $2 month date.
-- Columns: see not_counted.json.
WITH ranked AS (
    SELECT
        g.kind,
        g.kind_words,
        g.subject,
        g.at,
        g.decisions,
        row_number() OVER (PARTITION BY g.kind ORDER BY g.decisions DESC, g.at, g.subject COLLATE "C", g.source) AS rank
    FROM headroom.gate_list($1::bigint, $2::date) AS g
    WHERE g.kind <> 'allowed'
        AND (g.kind <> 'passed' OR headroom.stated_until($1::bigint, $2::date) IS NULL)
)
SELECT
    r.kind_words AS decision,
    max(r.at) AS last_at,
    CASE WHEN min(r.rank) <= 50 THEN min(r.subject) ELSE format('%s more', count(*)) END AS handle,
    sum(r.decisions) AS requests
FROM ranked AS r
GROUP BY r.kind, r.kind_words, least(r.rank, 51)
ORDER BY array_position('{refused,offline_refused,observed,offline_passed,passed}', r.kind), min(r.rank);
