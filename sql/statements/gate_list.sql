-- SPDX-License-Identifier: MIT
-- What the gates had to do with in a month: headroom.gate_list.
-- $1 contract_id bigint, null: all; $2 month: a date, or this or last.
-- Columns: contract; month; kind, kind_words, subject, decisions, source, reason, by: see there; at: microseconds since
-- the epoch.
SELECT
    c.name AS contract,
    to_char(m.month, 'YYYY-MM') AS month,
    g.kind,
    g.kind_words,
    g.subject,
    headroom.epoch_us(g.at) AS at,
    g.decisions,
    g.source,
    g.reason,
    g.by_whom AS by
FROM headroom.contract AS c
CROSS JOIN LATERAL (
    SELECT CASE $2::text
        WHEN 'this' THEN headroom.current_month(c.contract_id, clock_timestamp())
        WHEN 'last' THEN headroom.last_over_month(c.contract_id, clock_timestamp())
        ELSE $2::date
    END AS month
) AS m
CROSS JOIN LATERAL headroom.gate_list(c.contract_id, m.month) AS g
WHERE c.contract_id = $1::bigint OR $1 IS NULL
ORDER BY c.name, g.place, g.at, g.subject;
