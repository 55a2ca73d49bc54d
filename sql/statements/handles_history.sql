-- SPDX-License-Identifier: MIT
-- Who had which handle over time, with the evidence: of one handle, of one user, or of all whose handle changed: users
-- with several handles and handles that are not one user's for ever.
-- $1 handle (as a subject; null: any); $2 user_id bigint (null: any); $3 contract_id bigint: its days, and only handles
-- and users that it used (null: all, days of UTC).
-- Columns: user_id (null: nobody is known, which only the history of one handle shows); handle; from, to (dates; null:
-- always before, without end; to is the first day that is no longer meant); taken_from, passed_to: whose the handle was
-- before and is after, user ids; handle_before, handle_after: the user's, in the order in which they were taken;
-- first_together, last_together (microseconds): of the user and the handle, the latter as the first time in the latest
-- batch that has both; evidence: 'import' where a claim decides, else the kind of the batch, 'events' or 'identities';
-- batch: the claim's, else that of the first time.
WITH zone AS (
    SELECT coalesce(
        (SELECT term.time_zone
        FROM headroom.term_in_force AS term
        WHERE term.contract_id = $3::bigint
        ORDER BY term.valid_from DESC
        LIMIT 1),
        'UTC') AS name
),
taken AS MATERIALIZED (
    SELECT taken.user_id, taken.subject, min(coalesce(taken.taken_at, '-infinity')) AS taken_at
    FROM headroom.taken_handle AS taken
    GROUP BY taken.user_id, taken.subject
),
named AS (
    SELECT
        taken.user_id,
        taken.subject,
        lag(taken.subject) OVER by_time AS subject_before,
        lead(taken.subject) OVER by_time AS subject_after
    FROM taken
    WINDOW by_time AS (PARTITION BY taken.user_id ORDER BY taken.taken_at, taken.subject COLLATE "C")
),
used AS (
    SELECT DISTINCT usage.subject
    FROM headroom.usage AS usage
    WHERE usage.contract_id = $3::bigint
        AND usage.subject < 'A'
),
chosen AS (
    SELECT $1::text AS subject
    WHERE $1::text IS NOT NULL
    UNION
    SELECT taken.subject
    FROM taken
    WHERE taken.user_id = $2::bigint
    UNION
    (SELECT named.subject
    FROM named
    WHERE $1::text IS NULL
        AND $2::bigint IS NULL
        AND (named.subject_before IS NOT NULL OR named.subject_after IS NOT NULL)
    UNION
    SELECT taken.subject
    FROM taken
    WHERE $1::text IS NULL
        AND $2::bigint IS NULL
    GROUP BY taken.subject
    HAVING count(*) > 1
    UNION
    SELECT claim.subject
    FROM headroom.claim AS claim
    WHERE $1::text IS NULL
        AND $2::bigint IS NULL)
),
tenure AS (
    SELECT
        tenures.*,
        lag(tenures.user_id) OVER by_day AS user_before,
        lead(tenures.user_id) OVER by_day AS user_after
    FROM zone
    CROSS JOIN LATERAL headroom.handle_tenures(ARRAY(SELECT chosen.subject FROM chosen), zone.name) AS tenures
    WINDOW by_day AS (PARTITION BY tenures.subject ORDER BY tenures.from_day NULLS FIRST)
)
SELECT
    tenure.user_id,
    substr(tenure.subject, 2) AS handle,
    to_char(tenure.from_day, 'YYYY-MM-DD') AS "from",
    to_char(tenure.until_day, 'YYYY-MM-DD') AS "to",
    tenure.user_before AS taken_from,
    tenure.user_after AS passed_to,
    substr(named.subject_before, 2) AS handle_before,
    substr(named.subject_after, 2) AS handle_after,
    headroom.epoch_us(seen.first_together) AS first_together,
    headroom.epoch_us(seen.last_together) AS last_together,
    CASE WHEN claimed.batch_id IS NOT NULL THEN 'import' ELSE batch.kind::text END AS evidence,
    coalesce(claimed.batch_id, seen.batch_id) AS batch
FROM tenure
LEFT JOIN named ON named.user_id = tenure.user_id AND named.subject = tenure.subject
LEFT JOIN LATERAL (
    SELECT
        min(fact.first_together) FILTER (WHERE fact.first_together > 'epoch') AS first_together,
        max(fact.first_together) FILTER (WHERE fact.first_together > 'epoch') AS last_together,
        (array_agg(fact.batch_id ORDER BY fact.first_together, fact.batch_id))[1] AS batch_id
    FROM headroom.identity_fact AS fact
    WHERE fact.subject = tenure.subject
        AND fact.user_id = tenure.user_id
        AND fact.batch_id <> ALL ((SELECT headroom.voided_batches())::bigint[])
) AS seen ON true
LEFT JOIN LATERAL (
    SELECT max(claim.batch_id) AS batch_id
    FROM headroom.claim AS claim
    WHERE claim.subject = tenure.subject
        AND claim.user_id = tenure.user_id
        AND daterange(claim.valid_from, claim.valid_until) && daterange(tenure.from_day, tenure.until_day)
) AS claimed ON true
LEFT JOIN headroom.batch AS batch ON batch.batch_id = seen.batch_id
WHERE (tenure.user_id = $2::bigint OR $2::bigint IS NULL)
    AND (tenure.user_id IS NOT NULL OR $1::text IS NOT NULL)
    AND ($3::bigint IS NULL
        OR tenure.subject IN (SELECT used.subject FROM used)
        OR tenure.user_id::text IN (SELECT used.subject FROM used))
ORDER BY
    CASE WHEN $1::text IS NULL THEN tenure.user_id END NULLS LAST,
    tenure.from_day NULLS FIRST,
    (SELECT taken.taken_at FROM taken WHERE taken.user_id = tenure.user_id AND taken.subject = tenure.subject),
    tenure.subject COLLATE "C";
