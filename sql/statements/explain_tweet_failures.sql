-- SPDX-License-Identifier: MIT
-- The requests in which a Tweet failed, the latest first.
-- $1 tweet_id, digits; $2 contract_id bigint (null: any).
-- Columns: requests: in all; contract; time_us; subject; owner; handle: as seen, null where the log has none; endpoint;
-- status; outcome; outcome_words; causes; cause_words, with "; " between those of several; days: the Tweet's age then,
-- null where its id does not tell; label; source; event_id; batch_id; voided: boolean, its batch. At most 100.
WITH found AS (
    SELECT event.*
    FROM headroom.event AS event
    WHERE event.failed IS NOT NULL
        AND regexp_split_to_array(event.failed::text, '[^0-9]+') @> ARRAY[$1::text]
        AND ($2::bigint IS NULL OR event.contract_id = $2::bigint)
)
SELECT
    count(*) OVER () AS requests,
    contract.name AS contract,
    headroom.epoch_us(found.occurred_at) AS time_us,
    found.subject,
    headroom.owner_at(found.contract_id, found.subject, found.occurred_at) AS owner,
    found.handle,
    found.endpoint,
    found.status,
    found.outcome,
    headroom.outcome_words(found.outcome) AS outcome_words,
    cause.names AS causes,
    cause.words AS cause_words,
    floor(EXTRACT(epoch FROM found.occurred_at - headroom.tweet_time($1::bigint)) / 86400)::bigint AS days,
    found.label,
    found.source,
    found.event_id,
    found.batch_id,
    found.batch_id = ANY ((SELECT headroom.voided_batches())::bigint[]) AS voided
FROM found
JOIN headroom.contract AS contract ON contract.contract_id = found.contract_id
CROSS JOIN LATERAL (
    SELECT
        string_agg(listed.key, ', ' ORDER BY listed.key COLLATE "C") AS names,
        string_agg(
            coalesce(headroom.outcome_words(known.outcome), 'a cause that is none of the vendor''s'), '; '
            ORDER BY listed.key COLLATE "C") AS words
    FROM json_each(found.failed) AS listed
    LEFT JOIN unnest(enum_range(NULL::headroom.outcome)) AS known (outcome) ON known.outcome::text = listed.key
    WHERE EXISTS (SELECT FROM json_array_elements_text(listed.value) AS tweet (id) WHERE tweet.id = $1::text)
) AS cause
ORDER BY found.occurred_at DESC, found.contract_id, found.source, found.event_id
LIMIT 100;
