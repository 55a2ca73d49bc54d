-- SPDX-License-Identifier: MIT
-- The gaps of a contract's sources within a billing month, in the order of audit_sources, then of time.
-- $1 contract_id bigint; $2 month date.
-- Columns: source; starts_at, ends_at: half-open, microseconds since the epoch.
SELECT s.source, headroom.epoch_us(lower(g.gap)) AS starts_at, headroom.epoch_us(upper(g.gap)) AS ends_at
FROM headroom.month_sources($1::bigint, $2::date, now()) AS s
CROSS JOIN LATERAL unnest(s.gaps) AS g (gap)
ORDER BY s.source COLLATE "C", g.gap;
