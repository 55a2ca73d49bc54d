-- SPDX-License-Identifier: MIT
-- Who was used and is known by half: what a look-up of users can complete.

-- Handles of which no user is known, and user ids of which no handle is, by facts and claims in force.
-- Columns: contract_id, month, subject.
CREATE VIEW headroom.unidentified AS
WITH together AS (
    SELECT f.subject, f.user_id
    FROM headroom.identity_fact AS f
    WHERE f.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[])
    UNION ALL
    SELECT c.subject, c.user_id
    FROM headroom.claim AS c
),
known AS MATERIALIZED (
    SELECT t.subject
    FROM together AS t
    UNION ALL
    SELECT t.user_id::text COLLATE "C"
    FROM together AS t
)
SELECT
    u.contract_id,
    u.month,
    u.subject
FROM headroom.usage AS u
LEFT JOIN known ON known.subject = u.subject
WHERE u.subject < '~' AND known.subject IS NULL;

GRANT SELECT ON headroom.unidentified TO headroom_reader, headroom_writer;
