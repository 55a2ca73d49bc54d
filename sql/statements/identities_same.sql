-- SPDX-License-Identifier: MIT
-- The import in force that says the same as another one. One on which a later import has another word is none: to take
-- the same in again would change something.
-- $1 facts_digest (hex). Column: batch_id (no row: none).
SELECT batch.batch_id
FROM headroom.batch AS batch
WHERE batch.kind = 'identities'
    AND batch.facts_digest = decode($1::text, 'hex')
    AND batch.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[])
    AND NOT EXISTS (
        SELECT
        FROM headroom.claim AS claim
        JOIN headroom.claim AS later ON later.subject = claim.subject AND later.batch_id > claim.batch_id
        WHERE claim.batch_id = batch.batch_id
            AND later.user_id <> claim.user_id
            AND daterange(later.valid_from, later.valid_until) && daterange(claim.valid_from, claim.valid_until))
ORDER BY batch.batch_id DESC
LIMIT 1;
