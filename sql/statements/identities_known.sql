-- SPDX-License-Identifier: MIT
-- How much of the staged import is known already.
-- Columns: facts: pairs of which a fact is in force; claims: those that are in force with the same days.
SELECT
    (SELECT count(*)
    FROM pg_temp.staged_identity AS staged
    WHERE staged.first_together IS NOT NULL
        AND EXISTS (
            SELECT
            FROM headroom.identity_fact AS fact
            WHERE fact.subject = staged.subject
                AND fact.user_id = staged.user_id
                AND fact.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[]))) AS facts,
    (SELECT count(*)
    FROM pg_temp.staged_identity AS staged
    WHERE staged.first_together IS NULL
        AND EXISTS (
            SELECT
            FROM headroom.claim AS claim
            WHERE claim.subject = staged.subject
                AND claim.user_id = staged.user_id
                AND claim.valid_from IS NOT DISTINCT FROM staged.valid_from
                AND claim.valid_until IS NOT DISTINCT FROM staged.valid_until)) AS claims;
