-- SPDX-License-Identifier: MIT
-- What is known of who owned which handle: facts, one row for each pair, and claims; by handle, then in time.
-- $1 handle (as a subject; null: all); $2 user_id bigint (null: all); $3 contract_id bigint: only handles and users
-- that it used (null: all); $4 boolean: also what is not in force any more.
-- Columns: kind ('fact', 'claim'); handle; user_id; first_together (microseconds; null: before all others, and of a
-- claim); from, to (dates; null: open, and of a fact); batch: that taught it, of several the one with the first time;
-- batches: how many did; evidence ('events', 'identities'); file: of that batch; state: 'in force', 'voided' or
-- 'withdrawn'.
WITH used AS (
    SELECT DISTINCT usage.subject
    FROM headroom.usage AS usage
    WHERE usage.contract_id = $3::bigint
        AND usage.subject < 'A'
),
known AS (
    SELECT
        'fact' AS kind,
        fact.subject,
        fact.user_id,
        min(fact.first_together) AS first_together,
        NULL::date AS valid_from,
        NULL::date AS valid_until,
        (array_agg(fact.batch_id ORDER BY fact.first_together, fact.batch_id))[1] AS batch_id,
        count(*) AS batches,
        voided.action
    FROM headroom.identity_fact AS fact
    LEFT JOIN headroom.voided_batch AS voided USING (batch_id)
    WHERE (fact.subject = $1::text OR $1::text IS NULL)
        AND (fact.user_id = $2::bigint OR $2::bigint IS NULL)
        AND (voided.batch_id IS NULL OR $4::boolean)
    GROUP BY fact.subject, fact.user_id, voided.action
    UNION ALL
    SELECT
        'claim',
        claim.subject,
        claim.user_id,
        NULL,
        claim.valid_from,
        claim.valid_until,
        claim.batch_id,
        1,
        voided.action
    FROM headroom.identity_claim AS claim
    LEFT JOIN headroom.voided_batch AS voided USING (batch_id)
    WHERE (claim.subject = $1::text OR $1::text IS NULL)
        AND (claim.user_id = $2::bigint OR $2::bigint IS NULL)
        AND (voided.batch_id IS NULL OR $4::boolean)
)
SELECT
    known.kind,
    substr(known.subject, 2) AS handle,
    known.user_id,
    CASE WHEN known.first_together > 'epoch' THEN headroom.epoch_us(known.first_together) END AS first_together,
    to_char(known.valid_from, 'YYYY-MM-DD') AS "from",
    to_char(known.valid_until, 'YYYY-MM-DD') AS "to",
    known.batch_id AS batch,
    known.batches,
    batch.kind AS evidence,
    batch.file,
    headroom.batch_state(known.action) AS state
FROM known
JOIN headroom.batch AS batch USING (batch_id)
WHERE $3::bigint IS NULL
    OR known.subject IN (SELECT used.subject FROM used)
    OR known.user_id::text IN (SELECT used.subject FROM used)
ORDER BY
    known.subject COLLATE "C",
    coalesce(known.first_together, known.valid_from::timestamp AT TIME ZONE 'UTC') NULLS FIRST,
    known.kind,
    known.batch_id,
    known.user_id,
    known.valid_until;
