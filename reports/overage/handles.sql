-- SPDX-License-Identifier: MIT
-- Each counted owner with its evidence, in the order in which they began to count; ties by source, id and owner. An app
-- is shown by its name, never by its key. Where the first event stood in its file is looked up by its key, one by one,
-- in the order of the key: so rows stream, and pages are read once.
-- $1 contract_id bigint; $2 month date.
-- Columns: see handles.json.
WITH named AS (
    SELECT
        owner.owner COLLATE "C" AS owner,
        owner.subject,
        owner.user_id,
        owner.handle,
        owner.earlier_handles AS names,
        CASE
            WHEN owner.provisional THEN 'provisional'
            WHEN owner.user_id IS NULL THEN 'handle'
            ELSE 'user id'
        END AS identity,
        CASE
            WHEN owner.owner IN (SELECT r.owner FROM headroom.returned_owners($1::bigint, $2::date) AS r)
                THEN 'returning'
            ELSE 'first-time'
        END AS arrival,
        owner.first_seen,
        owner.last_seen,
        owner.requests,
        owner.counted_requests,
        headroom.endpoints_text(owner.endpoints) AS endpoints,
        owner.label,
        CASE WHEN owner.app IS NOT NULL THEN headroom.shown_app(app.name, owner.app) END AS app,
        owner.first_source COLLATE "C" AS first_source,
        owner.first_id COLLATE "C" AS first_id,
        owner.first_batch
    FROM headroom.month_owners($1::bigint, $2::date) AS owner
    LEFT JOIN headroom.contract_app AS app ON app.app_key = owner.app
),
numbered AS (
    SELECT row_number() OVER (ORDER BY first_seen, first_source, first_id, owner) AS number, named.*
    FROM named
)
SELECT
    number,
    owner,
    user_id,
    handle,
    CASE
        WHEN cardinality(names) > 10
            THEN format(
                '%s more, %s', cardinality(names) - 10, array_to_string(names[cardinality(names) - 9:], ', '))
        ELSE array_to_string(names, ', ')
    END AS earlier_handles,
    identity,
    arrival,
    first_seen,
    last_seen,
    requests,
    counted_requests,
    endpoints,
    label,
    app,
    first_source,
    first_id,
    first_batch,
    event.position
FROM numbered
LEFT JOIN LATERAL (
    SELECT e.position
    FROM headroom.event AS e
    WHERE e.occurred_at = numbered.first_seen
        AND e.contract_id = $1::bigint
        AND e.source = numbered.first_source
        AND e.event_id = numbered.first_id
        AND e.subject = numbered.subject
        AND e.batch_id = numbered.first_batch
    LIMIT 1
) AS event ON true
ORDER BY numbered.first_seen, numbered.first_source, numbered.first_id, numbered.owner;
