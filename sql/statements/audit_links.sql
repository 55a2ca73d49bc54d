-- SPDX-License-Identifier: MIT
-- Every link of the chain in its order, with the text that its content digest stands for. The texts are made here from
-- the rows, and not by the functions that made them for the links: who owns the database could have replaced those.
-- Columns: seq; kind; subject_id; content_digest, previous_digest, digest (hex); linked_us bigint; content: null where
-- what the link is about is not there, and for a kind that this statement does not know; of a batch also file,
-- first_line, last_line, loaded_us bigint, loaded_by.
SELECT
    l.seq,
    l.kind,
    l.subject_id,
    encode(l.content_digest, 'hex') AS content_digest,
    encode(l.previous_digest, 'hex') AS previous_digest,
    encode(l.digest, 'hex') AS digest,
    (EXTRACT(EPOCH FROM l.linked_at) * 1000000)::bigint AS linked_us,
    CASE
        WHEN b.batch_id IS NOT NULL THEN (
                jsonb_build_array(
                    'headroom-batch-1', b.batch_id, b.kind, b.file, b.format, b.first_line, b.last_line, b.first_byte,
                    b.end_byte, b.read, b.added, b.duplicate, b.quarantined, encode(b.events_digest, 'hex'),
                    encode(b.facts_digest, 'hex'), (EXTRACT(EPOCH FROM b.loaded_at) * 1000000)::bigint, b.loaded_by,
                    b.program,
                    (SELECT coalesce(
                        jsonb_agg(
                            jsonb_build_array(
                                s.contract_id, s.source, s.events,
                                (EXTRACT(EPOCH FROM s.first_event) * 1000000)::bigint,
                                (EXTRACT(EPOCH FROM s.last_event) * 1000000)::bigint)
                            ORDER BY s.contract_id, s.source),
                        '[]')
                    FROM headroom.batch_source AS s
                    WHERE s.batch_id = b.batch_id))
                || coalesce(
                    (SELECT jsonb_build_array(jsonb_build_array(
                        f.scope, f.device, f.inode, encode(f.first_digest, 'hex'), encode(f.end_digest, 'hex'),
                        f.open_byte, encode(f.open_digest, 'hex'), f.next_line, f.nameless, f.header))
                    FROM headroom.batch_file AS f
                    WHERE f.batch_id = b.batch_id),
                    '[]')
                || coalesce(
                    (SELECT jsonb_build_array(jsonb_build_array(r.scope, r.header))
                    FROM headroom.batch_reading AS r
                    WHERE r.batch_id = b.batch_id),
                    '[]'))::text
        WHEN l.kind = 'terms' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-terms-1', t.term_id, c.contract_id, c.name, t.valid_from, t.time_zone, t.billing_day,
                    t.counting, t.unit_limit, t.currency, t.pricing, t.package_size, t.fee, t.minimum, t.cap,
                    t.tolerance_units, t.tolerance_cliff, t.proration,
                    (EXTRACT(EPOCH FROM t.created_at) * 1000000)::bigint, t.created_by,
                    (SELECT jsonb_agg(jsonb_build_array(r.tier, r.up_to, r.unit_price, r.flat_fee) ORDER BY r.tier)
                    FROM headroom.term_tier AS r
                    WHERE r.term_id = t.term_id))::text
            FROM headroom.term AS t
            JOIN headroom.contract AS c USING (contract_id)
            WHERE t.term_id = l.subject_id)
        WHEN l.kind IN ('void', 'restore', 'withdrawal') THEN (
            SELECT
                jsonb_build_array(
                    'headroom-change-1', c.change_id, c.batch_id, c.action, c.reason,
                    (EXTRACT(EPOCH FROM c.changed_at) * 1000000)::bigint, c.changed_by)::text
            FROM headroom.batch_change AS c
            WHERE c.change_id = l.subject_id)
        WHEN l.kind = 'invoice' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-invoice-1', i.invoice_id, i.contract_id, i.month, i.number, i.kind, i.invoice_date,
                    i.unique_handles, i.amount, i.currency, i.document, encode(i.document_sha256, 'hex'),
                    (EXTRACT(EPOCH FROM i.added_at) * 1000000)::bigint, i.added_by)::text
            FROM headroom.invoice AS i
            WHERE i.invoice_id = l.subject_id)
        WHEN l.kind = 'invoice-status' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-invoice-status-1', d.decision_id, d.invoice_id, d.status, d.note,
                    (EXTRACT(EPOCH FROM d.decided_at) * 1000000)::bigint, d.decided_by)::text
            FROM headroom.invoice_decision AS d
            WHERE d.decision_id = l.subject_id)
        WHEN l.kind = 'invoice-handles' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-invoice-handles-1', v.list_id, v.contract_id, v.month, v.file,
                    encode(v.file_sha256, 'hex'), v.entries, encode(v.list_digest, 'hex'),
                    encode(sha256(convert_to(d.subjects, 'UTF8')), 'hex'),
                    encode(sha256(convert_to(d.lines, 'UTF8')), 'hex'),
                    (EXTRACT(EPOCH FROM v.added_at) * 1000000)::bigint, v.added_by)::text
            FROM headroom.invoice_list AS v
            CROSS JOIN LATERAL (
                SELECT
                    coalesce(string_agg(h.subject || E'\n', '' ORDER BY h.subject), '') AS subjects,
                    coalesce(string_agg(concat(h.subject, E'\t', h.line, E'\n'), '' ORDER BY h.subject), '') AS lines
                FROM headroom.invoice_handle AS h
                WHERE h.list_id = v.list_id
            ) AS d
            WHERE v.list_id = l.subject_id)
        WHEN l.kind = 'contract' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-contract-1', v.version_id, v.contract_id, v.version, v.action, v.document, v.reason,
                    (EXTRACT(EPOCH FROM v.changed_at) * 1000000)::bigint, v.changed_by)::text
            FROM headroom.contract_version AS v
            WHERE v.version_id = l.subject_id)
        WHEN l.kind = 'close' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-seal-1', s.seal_id, s.contract_id, s.month,
                    (EXTRACT(EPOCH FROM s.period_start) * 1000000)::bigint,
                    (EXTRACT(EPOCH FROM s.period_end) * 1000000)::bigint, s.time_zone, s.version, s.term_id, s.rule,
                    s.unique_handles, s.provisional, s.spread, s.unit_limit, s.overage, s.charge, s.currency,
                    s.requests, s.counted_requests, (EXTRACT(EPOCH FROM s.as_of) * 1000000)::bigint,
                    (EXTRACT(EPOCH FROM s.data_until) * 1000000)::bigint, s.completeness, s.completeness_words,
                    s.low_days, s.day_requests, encode(s.owners_digest, 'hex'), s.statement, s.chain_seq,
                    encode(s.chain_digest, 'hex'), s.checklist, s.forced_because,
                    (EXTRACT(EPOCH FROM s.closed_at) * 1000000)::bigint, s.closed_by,
                    (SELECT coalesce(
                        jsonb_agg(
                            jsonb_build_array(a.seal_id, a.unique_handles, a.amount, a.currency) ORDER BY a.seal_id),
                        '[]')
                    FROM headroom.adjustment AS a
                    WHERE a.carried_by = s.seal_id))::text
            FROM headroom.seal AS s
            WHERE s.seal_id = l.subject_id)
        WHEN l.kind = 'reopen' THEN (
            SELECT
                jsonb_build_array(
                    'headroom-reopening-1', r.seal_id, r.reason,
                    (EXTRACT(EPOCH FROM r.reopened_at) * 1000000)::bigint, r.reopened_by)::text
            FROM headroom.reopening AS r
            WHERE r.seal_id = l.subject_id)
    END AS content,
    b.file,
    b.first_line,
    b.last_line,
    (EXTRACT(EPOCH FROM b.loaded_at) * 1000000)::bigint AS loaded_us,
    b.loaded_by
FROM headroom.chain AS l
LEFT JOIN headroom.batch AS b ON b.batch_id = l.subject_id AND l.kind IN ('batch', 'identities')
ORDER BY l.seq;
