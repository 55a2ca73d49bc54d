-- SPDX-License-Identifier: MIT
-- The owners of a month, one by one, with the evidence for each. Events are read only for handles that passed from one
-- user to another within the month.

-- A month's usage with its owners: the one owner view. A row whose handle passed to another user within the period is
-- there once for each of its owners, with the days cut to the owner's; split says so, and then the requests, last_seen,
-- endpoints and the first events are still those of all of its owners together: split_usage has each one's own.
--   of_month: the first day of the calendar month; among: only rows of these subjects; null: all.
-- Columns: owner: the user id's digits, '@handle' where no user is known, or '~' and a digest; '~app' for requests that
-- nobody authenticated; then as in usage.
CREATE FUNCTION headroom.owned_usage(of_contract bigint, of_month date, among text[] DEFAULT NULL)
RETURNS TABLE (
    owner text,
    subject text,
    via_app boolean,
    split boolean,
    requests bigint,
    attempted_requests bigint,
    answered_requests bigint,
    delivered_requests bigint,
    attempted_days bigint,
    answered_days bigint,
    delivered_days bigint,
    last_seen timestamptz,
    first_attempted headroom.first_event,
    first_answered headroom.first_event,
    first_delivered headroom.first_event,
    endpoints smallint)
LANGUAGE plpgsql STABLE
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    -- A share of which nothing can have been used is left out. Days say nothing of requests that were not attempted, so
    -- a row with such requests is split even where all its days have one owner.
    RETURN QUERY
    SELECT
        coalesce(h.owner, u.subject),
        u.subject,
        u.via_app,
        h.shared IS TRUE AND (u.requests > u.attempted_requests OR u.attempted_days & ~h.owned_days <> 0),
        u.requests,
        u.attempted_requests,
        u.answered_requests,
        u.delivered_requests,
        u.attempted_days & coalesce(h.owned_days, -1),
        u.answered_days & coalesce(h.owned_days, -1),
        u.delivered_days & coalesce(h.owned_days, -1),
        u.last_seen,
        u.first_attempted,
        headroom.first_of(u.answered_requests, u.first_answered, u.first_attempted),
        headroom.first_of(u.delivered_requests, u.first_delivered, coalesce(u.first_answered, u.first_attempted)),
        u.endpoints
    FROM headroom.usage AS u
    LEFT JOIN headroom.handle_owners(of_contract, of_month) AS h ON h.subject = u.subject
    WHERE u.contract_id = of_contract
        AND u.month = of_month
        AND (among IS NULL OR u.subject = ANY (among))
        AND (h.shared IS NOT TRUE
            OR u.requests > u.attempted_requests
            OR u.attempted_days & h.owned_days <> 0);
END
$$;

-- The usage of handles that passed from one user to another within a month, each owner with its own figures and first
-- events, from the events of these handles. Reads nothing where there is no such handle.
--   handles: subjects with '@'. Columns as owned_usage, without split.
CREATE FUNCTION headroom.split_usage(of_contract bigint, of_month date, handles text[])
RETURNS TABLE (
    owner text,
    subject text,
    via_app boolean,
    requests bigint,
    attempted_requests bigint,
    answered_requests bigint,
    delivered_requests bigint,
    attempted_days bigint,
    answered_days bigint,
    delivered_days bigint,
    last_seen timestamptz,
    first_attempted headroom.first_event,
    first_answered headroom.first_event,
    first_delivered headroom.first_event,
    endpoints smallint)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    day_starts timestamptz[];
    span record;
    voided CONSTANT bigint[] NOT NULL := headroom.voided_batches();
BEGIN
    IF cardinality(handles) = 0 THEN
        RETURN;
    END IF;
    day_starts := ARRAY(SELECT d.starts_at FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit);
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    RETURN QUERY
    WITH used AS (
        SELECT
            e.subject,
            e.via_app,
            e.class,
            e.occurred_at,
            1::bigint << (width_bucket(e.occurred_at, day_starts) - 1) AS day,
            ROW(e.occurred_at, e.source, e.event_id, e.class, e.batch_id, e.app, e.label)::headroom.first_event
                AS event,
            headroom.endpoint_bit(e.endpoint) AS endpoint
        FROM headroom.event AS e
        WHERE e.contract_id = of_contract
            AND e.occurred_at >= span.starts_at
            AND e.occurred_at < span.ends_at
            AND e.subject = ANY (handles)
            AND e.batch_id <> ALL (voided)
    )
    SELECT
        h.owner,
        u.subject,
        u.via_app,
        count(*),
        count(*) FILTER (WHERE u.class >= 'attempted'),
        count(*) FILTER (WHERE u.class >= 'answered'),
        count(*) FILTER (WHERE u.class >= 'delivered'),
        coalesce(bit_or(u.day) FILTER (WHERE u.class >= 'attempted'), 0),
        coalesce(bit_or(u.day) FILTER (WHERE u.class >= 'answered'), 0),
        coalesce(bit_or(u.day) FILTER (WHERE u.class >= 'delivered'), 0),
        max(u.occurred_at),
        (array_agg(u.event ORDER BY u.event) FILTER (WHERE u.class >= 'attempted'))[1],
        (array_agg(u.event ORDER BY u.event) FILTER (WHERE u.class >= 'answered'))[1],
        (array_agg(u.event ORDER BY u.event) FILTER (WHERE u.class >= 'delivered'))[1],
        bit_or(u.endpoint)
    FROM used AS u
    JOIN headroom.handle_owners(of_contract, of_month) AS h ON h.subject = u.subject AND h.owned_days & u.day <> 0
    GROUP BY h.owner, u.subject, u.via_app;
END
$$;

-- The subjects of a month whose row may share an owner with another one, and their owners' own; with no order.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.mixed_subjects(of_contract bigint, of_month date)
RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN ARRAY(
        SELECT s.subject FROM headroom.sharing_usage(of_contract, of_month) AS s
        UNION
        SELECT s.owner FROM headroom.sharing_usage(of_contract, of_month) AS s);
END
$$;

-- The usage of some subjects of a month with its owners, each share with its owner's own figures and first events.
--   of_month: the first day of the calendar month; mixed: the subjects. Columns: as owned_usage, without split.
CREATE FUNCTION headroom.mixed_usage(of_contract bigint, of_month date, mixed text[])
RETURNS TABLE (
    owner text,
    subject text,
    via_app boolean,
    requests bigint,
    attempted_requests bigint,
    answered_requests bigint,
    delivered_requests bigint,
    attempted_days bigint,
    answered_days bigint,
    delivered_days bigint,
    last_seen timestamptz,
    first_attempted headroom.first_event,
    first_answered headroom.first_event,
    first_delivered headroom.first_event,
    endpoints smallint)
LANGUAGE plpgsql STABLE STRICT
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH owned AS MATERIALIZED (
        SELECT o.*
        FROM headroom.owned_usage(of_contract, of_month, mixed) AS o
    )
    SELECT
        o.owner, o.subject, o.via_app, o.requests, o.attempted_requests, o.answered_requests, o.delivered_requests,
        o.attempted_days, o.answered_days, o.delivered_days, o.last_seen, o.first_attempted, o.first_answered,
        o.first_delivered, o.endpoints
    FROM owned AS o
    WHERE NOT o.split
    UNION ALL
    SELECT s.*
    FROM headroom.split_usage(
        of_contract, of_month, ARRAY(SELECT DISTINCT o.subject FROM owned AS o WHERE o.split)) AS s
    JOIN owned AS o USING (owner, subject, via_app)
    WHERE o.split;
END
$$;

-- The handles of users, by facts and claims.
--   absent: batches that are as if they were not there.
-- Columns: owner: the user id's digits; handle: the one that the user was last seen to take, without '@'; earlier: all
-- others, in the order in which they were first taken; null where there is none.
-- Nearly every user has had one handle ever: then the times need not be looked at.
CREATE FUNCTION headroom.user_handles(absent bigint[])
RETURNS TABLE (owner text, handle text, earlier text[])
LANGUAGE plpgsql STABLE STRICT ROWS 20000
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT t.user_id, min(t.subject) AS lowest, max(t.subject) AS highest
        FROM (
            SELECT f.user_id, f.subject FROM headroom.identity_fact AS f WHERE f.batch_id <> ALL (absent)
            UNION ALL
            SELECT c.user_id, c.subject FROM headroom.identity_claim AS c WHERE c.batch_id <> ALL (absent)
        ) AS t
        GROUP BY t.user_id
    ),
    several AS (
        SELECT k.user_id FROM known AS k WHERE k.lowest < k.highest
    ),
    said AS (
        SELECT f.user_id, f.subject, min(f.first_together) AS taken_at
        FROM headroom.identity_fact AS f
        WHERE f.batch_id <> ALL (absent)
            AND f.user_id IN (SELECT s.user_id FROM several AS s)
        GROUP BY f.user_id, f.subject
        UNION ALL
        SELECT c.user_id, c.subject, coalesce(c.valid_from::timestamp AT TIME ZONE 'UTC', '-infinity')
        FROM headroom.identity_claim AS c
        WHERE c.batch_id <> ALL (absent)
            AND c.user_id IN (SELECT s.user_id FROM several AS s)
    ),
    taken AS (
        SELECT s.user_id, s.subject, min(s.taken_at) AS first_at, max(s.taken_at) AS last_at
        FROM said AS s
        GROUP BY s.user_id, s.subject
    ),
    listed AS (
        SELECT
            t.user_id,
            (array_agg(t.subject ORDER BY t.last_at DESC, t.subject))[1] AS subject,
            array_agg(t.subject ORDER BY t.first_at, t.subject DESC) AS subjects
        FROM taken AS t
        GROUP BY t.user_id
    )
    SELECT k.user_id::text, substr(k.lowest, 2), NULL::text[]
    FROM known AS k
    WHERE k.lowest = k.highest
    UNION ALL
    SELECT
        l.user_id::text,
        substr(l.subject, 2),
        ARRAY(
            SELECT substr(o.subject, 2)
            FROM unnest(l.subjects) WITH ORDINALITY AS o (subject, place)
            WHERE o.subject <> l.subject
            ORDER BY o.place)
    FROM listed AS l;
END
$$;

-- The owners that count in a month under a rule, each with its evidence.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule.
-- Columns: owner; subject: of the first counted event, as the event says; user_id: digits, null where no user is known;
-- handle: without '@', of a user the one it was last seen to take, null where none is known; provisional: named by a
-- token only; first_seen: time of the first counted event; last_seen: of the last event of any class; requests: all of
-- the owner in the month; counted_requests; days: the bits of the days with counted requests; label, app, first_source,
-- first_id, first_batch: of the first counted event; endpoints: of all requests, as in usage;
-- earlier_handles: see user_handles.
-- The first event is never chosen by its batch: the same lines in another order of loading give the same evidence.
-- However many names are known: the owners are not sorted for them.
CREATE FUNCTION headroom.counted(of_contract bigint, of_month date, of_rule text)
RETURNS TABLE (
    owner text,
    subject text,
    user_id text,
    handle text,
    provisional boolean,
    first_seen timestamptz,
    last_seen timestamptz,
    requests bigint,
    counted_requests bigint,
    days bigint,
    label text,
    app text,
    first_source text,
    first_id text,
    first_batch bigint,
    endpoints smallint,
    earlier_handles text[])
LANGUAGE plpgsql STABLE STRICT
SET enable_nestloop = off
SET enable_mergejoin = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    rule record;
    mixed CONSTANT text[] NOT NULL := headroom.mixed_subjects(of_contract, of_month);
BEGIN
    SELECT r.class, r.with_app
    INTO STRICT rule
    FROM headroom.counting_rule AS r
    WHERE r.rule = of_rule;
    RETURN QUERY
    WITH part AS (
        SELECT
            u.owner,
            u.subject,
            u.via_app,
            u.last_seen,
            u.requests,
            CASE WHEN c.counts THEN
                headroom.of_class(rule.class, u.attempted_requests, u.answered_requests, u.delivered_requests)
            ELSE 0 END AS counted_requests,
            CASE WHEN c.counts THEN
                headroom.of_class(rule.class, u.attempted_days, u.answered_days, u.delivered_days)
            ELSE 0 END AS days,
            CASE WHEN c.counts THEN
                CASE rule.class
                    WHEN 'attempted' THEN u.first_attempted
                    WHEN 'answered' THEN u.first_answered
                    ELSE u.first_delivered
                END
            END AS first,
            u.endpoints
        FROM headroom.mixed_usage(of_contract, of_month, mixed) AS u
        CROSS JOIN LATERAL (SELECT rule.with_app OR NOT u.via_app AS counts) AS c
        WHERE u.owner <> '~app'
    ),
    total AS (
        SELECT DISTINCT ON (p.owner)
            p.owner,
            p.subject,
            p.first,
            max(p.last_seen) OVER by_owner AS last_seen,
            (sum(p.requests) OVER by_owner)::bigint AS requests,
            (sum(p.counted_requests) OVER by_owner)::bigint AS counted_requests,
            bit_or(p.days) OVER by_owner AS days,
            bit_or(p.endpoints) OVER by_owner AS endpoints
        FROM part AS p
        WINDOW by_owner AS (PARTITION BY p.owner)
        ORDER BY
            p.owner,
            (p.first).occurred_at,
            (p.first).source COLLATE "C",
            (p.first).event_id COLLATE "C",
            (p.first).class,
            p.subject COLLATE "C",
            p.via_app
    ),
    -- A row that is alone is its owner's all.
    alone AS (
        SELECT
            u.subject,
            CASE rule.class
                WHEN 'attempted' THEN u.first_attempted
                WHEN 'answered' THEN headroom.first_of(u.answered_requests, u.first_answered, u.first_attempted)
                ELSE headroom.first_of(
                    u.delivered_requests, u.first_delivered, coalesce(u.first_answered, u.first_attempted))
            END AS first,
            u.last_seen,
            u.requests,
            headroom.of_class(rule.class, u.attempted_requests, u.answered_requests, u.delivered_requests)
                AS counted_requests,
            headroom.of_class(rule.class, u.attempted_days, u.answered_days, u.delivered_days) AS days,
            u.endpoints
        FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND NOT u.via_app
            AND NOT EXISTS (SELECT FROM unnest(mixed) AS m (subject) WHERE m.subject = u.subject)
    ),
    every AS (
        SELECT t.owner, t.subject, t.first, t.last_seen, t.requests, t.counted_requests, t.days, t.endpoints
        FROM total AS t
        UNION ALL
        SELECT a.subject, a.subject, a.first, a.last_seen, a.requests, a.counted_requests, a.days, a.endpoints
        FROM alone AS a
    )
    SELECT
        t.owner,
        t.subject,
        CASE WHEN t.owner ~ '^[0-9]' THEN t.owner END,
        CASE WHEN t.owner LIKE '@%' THEN substr(t.owner, 2) ELSE n.handle END,
        t.owner LIKE '~%',
        (t.first).occurred_at,
        t.last_seen,
        t.requests,
        t.counted_requests,
        t.days,
        (t.first).label,
        (t.first).app,
        (t.first).source,
        (t.first).event_id,
        (t.first).batch_id,
        t.endpoints,
        n.earlier
    FROM every AS t
    LEFT JOIN headroom.user_handles(headroom.voided_batches()) AS n ON n.owner = t.owner
    WHERE t.days <> 0;
END
$$;
