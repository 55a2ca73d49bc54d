-- SPDX-License-Identifier: MIT
-- What is known of who owns a handle, or of which handles a user had: facts and claims in force, the first 20 in time.
-- $1 '@' and a handle (null: none); $2 a user id's digits (null: none).
-- Columns: handle (without '@'); user_id; first_us: seen together first (null: a claim; 0: an import without a date);
-- valid_from, valid_until: dates of a claim, null where open; batch_id: which taught it first.
SELECT
    substr(known.subject, 2) AS handle,
    known.user_id,
    known.first_us,
    known.valid_from,
    known.valid_until,
    known.batch_id
FROM (
    SELECT DISTINCT ON (fact.subject, fact.user_id)
        fact.subject, fact.user_id, headroom.epoch_us(fact.first_together) AS first_us, NULL::date AS valid_from,
        NULL::date AS valid_until, fact.batch_id
    FROM headroom.identity_fact AS fact
    WHERE (fact.subject = $1::text OR fact.user_id = $2::bigint)
        AND fact.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[])
    ORDER BY fact.subject, fact.user_id, fact.first_together, fact.batch_id
) AS known
UNION ALL
SELECT substr(claim.subject, 2), claim.user_id, NULL, claim.valid_from, claim.valid_until, claim.batch_id
FROM headroom.claim AS claim
WHERE claim.subject = $1::text OR claim.user_id = $2::bigint
ORDER BY first_us, handle, user_id, batch_id
LIMIT 20;
