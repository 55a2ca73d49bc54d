-- SPDX-License-Identifier: MIT
-- What the evidence of a month begins with: its figures, as sealed where it is closed, the seals of the contract, and
-- the head of the chain.
-- $1 contract_id bigint; $2 month date.
-- Columns: contract, month (2026-10), state, rule, time_zone; period_start, period_end (microseconds); unique_handles,
-- overage, requests bigint; unit_limit (null: none); charge (exact text), currency; statement (JSON), owners_digest
-- (hex), seal_link bigint: null unless it is closed; seals (JSON): all of the contract, in their order; chain_length
-- bigint, chain_head (hex); until_link bigint: the last link that the figures rest on.
SELECT
    m.contract,
    m.month,
    m.state,
    m.rule,
    m.time_zone,
    headroom.epoch_us(m.period_start) AS period_start,
    headroom.epoch_us(m.period_end) AS period_end,
    m.unique_handles,
    m.overage,
    m.requests,
    m.unit_limit,
    m.charge,
    m.currency,
    s.statement,
    encode(s.owners_digest, 'hex') AS owners_digest,
    (SELECT l.seq FROM headroom.chain AS l WHERE l.kind = 'close' AND l.subject_id = s.seal_id) AS seal_link,
    (SELECT coalesce(
        jsonb_pretty(jsonb_agg(
            jsonb_build_object(
                'month', to_char(e.month, 'YYYY-MM'),
                'unique_handles', e.unique_handles,
                'charge', headroom.money(e.charge, e.currency),
                'currency', e.currency,
                'owners_digest', encode(e.owners_digest, 'hex'),
                'link', l.seq,
                'link_digest', encode(l.digest, 'hex'),
                'closed_at', to_char(e.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'closed_by', e.closed_by,
                'reopened_because', r.reason)
            ORDER BY e.seal_id)),
        '[]')
    FROM headroom.seal AS e
    LEFT JOIN headroom.reopening AS r USING (seal_id)
    LEFT JOIN headroom.chain AS l ON l.kind = 'close' AND l.subject_id = e.seal_id
    WHERE e.contract_id = $1::bigint) AS seals,
    h.seq AS chain_length,
    encode(h.digest, 'hex') AS chain_head,
    coalesce(s.chain_seq, h.seq) AS until_link
FROM headroom.month_status($1::bigint, $2::date, now()) AS m
CROSS JOIN LATERAL headroom.seal_of($1::bigint, $2::date) AS s
CROSS JOIN headroom.chain_head AS h;
