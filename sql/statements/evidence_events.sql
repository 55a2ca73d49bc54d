-- SPDX-License-Identifier: MIT
-- The events of some batches (the settings of evidence_session and evidence_span) in the order of batch and ordinal:
-- these two; of events of the month the owner, else null, and why they do not count, null where they do; the time in
-- its binary form, then the rest of the canonical form as it is. The batches are read as one range, for which the index
-- is asked once, and the few others in it are left out behind.
COPY (
    WITH asked AS MATERIALIZED (
        SELECT
            current_setting('headroom.evidence_contract')::bigint AS contract_id,
            current_setting('headroom.evidence_month')::date AS month,
            current_setting('headroom.evidence_batches')::bigint[] AS batches
    ),
    basis AS MATERIALIZED (
        SELECT a.contract_id, b.*
        FROM asked AS a
        CROSS JOIN LATERAL headroom.evidence_basis(a.contract_id, a.month) AS b
    ),
    day AS MATERIALIZED (
        SELECT
            array_agg(d.day ORDER BY d.day) AS dates,
            array_agg(d.ends_at ORDER BY d.day) AS ends
        FROM asked AS a
        CROSS JOIN LATERAL headroom.evidence_days(a.contract_id, a.month) AS d
    ),
    read AS MATERIALIZED (
        SELECT
            e.*,
            e.contract_id = b.contract_id AND e.occurred_at >= b.starts_at AND e.occurred_at < b.ends_at AS own
        FROM (
            SELECT v.*
            FROM headroom.event AS v
            WHERE v.batch_id >= (SELECT a.batches[1] FROM asked AS a)
                AND v.batch_id <= (SELECT a.batches[cardinality(a.batches)] FROM asked AS a)
            OFFSET 0
        ) AS e
        CROSS JOIN basis AS b
        WHERE e.batch_id = ANY ((SELECT a.batches FROM asked AS a)::bigint[])
    ),
    handle AS MATERIALIZED (
        SELECT h.*
        FROM basis AS b
        CROSS JOIN day AS d
        CROSS JOIN LATERAL headroom.handle_days(
            ARRAY(SELECT DISTINCT r.subject::text FROM read AS r WHERE r.own AND r.subject >= '@' AND r.subject < 'A'),
            d.dates, d.ends, b.left_out) AS h
    )
    SELECT
        r.batch_id, r.ordinal,
        CASE WHEN r.own THEN coalesce(h.user_id::text, r.subject) END,
        CASE
            WHEN NOT r.own THEN NULL
            WHEN r.batch_id = ANY (b.later) THEN 'later'
            WHEN r.batch_id = ANY (b.left_out) THEN 'voided'
            ELSE headroom.not_counted_reason(b.rule, r.via_app, r.subject = '~app', r.class)
        END,
        timestamptz_send(r.occurred_at), r.contract_id, r.source, r.event_id, r.subject,
        CASE WHEN r.via_app THEN 'app' ELSE 'user' END, r.class, r.status, r.tweet_count, r.endpoint, r.outcome,
        r.rate_limit, r.rate_remaining, r.latency_ms, r.bytes, r.handle, r.app, r.label, r.failed, r.metrics, r.position
    FROM read AS r
    CROSS JOIN basis AS b
    CROSS JOIN day AS d
    LEFT JOIN handle AS h
        ON r.own
        AND h.subject = r.subject
        AND h.owned_days & (1::bigint << width_bucket(r.occurred_at, d.ends)) <> 0
    ORDER BY r.batch_id, r.ordinal
) TO STDOUT;
