-- SPDX-License-Identifier: MIT
-- The identity facts and claims of the batches that are chosen (the setting headroom.since: the number of a link, 0:
-- all), with each batch before them: the batch; 0, and what its facts_digest should be; 1, and a fact as the digest has
-- it; or 2, and a claim likewise.
COPY (
    WITH chosen AS (
        SELECT b.batch_id, b.facts_digest
        FROM headroom.batch AS b
        WHERE (SELECT current_setting('headroom.since') = '0')
            OR EXISTS (
                SELECT FROM headroom.chain AS l
                WHERE l.subject_id = b.batch_id
                    AND l.kind IN ('batch', 'identities')
                    AND l.seq >= (SELECT current_setting('headroom.since')::bigint))
    ),
    taught AS (
        SELECT c.batch_id, 0 AS part, 0::bigint AS line, encode(c.facts_digest, 'hex') COLLATE "C" AS subject,
            NULL::bigint AS user_id, NULL AS since, NULL AS until
        FROM chosen AS c
        UNION ALL
        SELECT f.batch_id, 1, 0, f.subject, f.user_id,
            (EXTRACT(EPOCH FROM f.first_together) * 1000000)::bigint::text, NULL
        FROM headroom.identity_fact AS f
        WHERE (SELECT current_setting('headroom.since') = '0') OR f.batch_id IN (SELECT c.batch_id FROM chosen AS c)
        UNION ALL
        SELECT m.batch_id, 2, m.line, m.subject, m.user_id, m.valid_from::text, m.valid_until::text
        FROM headroom.identity_claim AS m
        WHERE (SELECT current_setting('headroom.since') = '0') OR m.batch_id IN (SELECT c.batch_id FROM chosen AS c)
    )
    SELECT t.batch_id, t.part, t.subject, t.user_id, t.since, t.until
    FROM taught AS t
    ORDER BY t.batch_id, t.part, t.line, t.subject, t.user_id
) TO STDOUT (NULL '');
