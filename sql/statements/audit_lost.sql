-- SPDX-License-Identifier: MIT
-- What went through gateways and is not in the ledger, of a contract's billing month, in the order of audit_sources.
-- $1 contract_id bigint; $2 month date.
-- Columns: source; starts_at, ends_at: half-open, microseconds since the epoch; requests; words.
SELECT
    s.source,
    headroom.epoch_us(l.starts_at) AS starts_at,
    headroom.epoch_us(l.ends_at) AS ends_at,
    l.requests,
    l.words
FROM headroom.month_sources($1::bigint, $2::date, now()) AS s
JOIN headroom.gateway_lost AS l USING (source)
JOIN headroom.period($1::bigint, $2::date) AS p ON l.starts_at < p.ends_at AND l.ends_at > p.starts_at
ORDER BY s.source COLLATE "C", l.starts_at, l.words;
