-- SPDX-License-Identifier: MIT
-- Counting from the maintained usage: how many owners count in a month, under every rule. Reads no events.

-- The rules that a contract may have: from which class on a request counts, and whether requests of the app alone
-- count where a log names the owner. They are shown in the order of their place.
CREATE VIEW headroom.counting_rule (place, rule, class, with_app) AS
VALUES
    (1, 'attempted', 'attempted'::headroom.class, false),
    (2, 'attempted+app', 'attempted', true),
    (3, 'answered', 'answered', false),
    (4, 'answered+app', 'answered', true),
    (5, 'delivered', 'delivered', false),
    (6, 'delivered+app', 'delivered', true);

GRANT SELECT ON headroom.counting_rule TO headroom_reader, headroom_writer;

-- Of a usage row's three values, the one of a class. A value is a set of days or a number of requests.
CREATE FUNCTION headroom.of_class(class headroom.class, attempted bigint, answered bigint, delivered bigint)
RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE class
        WHEN 'attempted' THEN attempted
        WHEN 'answered' THEN answered
        WHEN 'delivered' THEN delivered
    END
$$;

-- A usage row's first event of a class. It is kept as null where it is that of the class below too, as it mostly is;
-- without requests of the class there is none.
--   below: the first event of the class below.
CREATE FUNCTION headroom.first_of(requests bigint, first headroom.first_event, below headroom.first_event)
RETURNS headroom.first_event
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN requests > 0 THEN coalesce(first, below) END
$$;

-- The highest class that was reached on any day: an owner counts when it is not below the rule's.
CREATE FUNCTION headroom.best_class(attempted_days bigint, answered_days bigint, delivered_days bigint)
RETURNS headroom.class
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN delivered_days <> 0 THEN 'delivered'::headroom.class
        WHEN answered_days <> 0 THEN 'answered'
        WHEN attempted_days <> 0 THEN 'attempted'
        ELSE 'not_attempted'
    END
$$;

-- What a subject says of who was used: a user by its id, a handle, a token that names nobody, or nobody but the app.
CREATE FUNCTION headroom.subject_kind(subject text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN subject = '~app' THEN 'app'
        WHEN subject LIKE '~%' THEN 'token'
        WHEN subject LIKE '@%' THEN 'handle'
        ELSE 'user'
    END
$$;

-- The usage rows of a month that may share an owner with another row: handles with a known user, and requests of the
-- app in an owner's name. All other rows are alone: used by their own subject, who owns no other row.
--   of_month: the first day of the calendar month.
-- Columns: subject; owner: the subject's own, or one of the users that its handle had; via_app; the days of each class
-- on which the owner has it; whole_class: the best one that was reached on any day.
-- Handles are one range of the usage's key, and the app's requests have an index of their own, so that the others are
-- not gone through. Nested loops are off: a month that was loaded a minute ago has no statistics yet, and then each of
-- its rows would be held against each.
CREATE FUNCTION headroom.sharing_usage(of_contract bigint, of_month date)
RETURNS TABLE (
    subject text,
    owner text,
    via_app boolean,
    attempted_days bigint,
    answered_days bigint,
    delivered_days bigint,
    whole_class headroom.class)
LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT h.subject, h.owner, h.owned_days
        FROM headroom.handle_owners(of_contract, of_month) AS h
    )
    SELECT
        u.subject,
        k.owner,
        u.via_app,
        u.attempted_days & k.owned_days,
        u.answered_days & k.owned_days,
        u.delivered_days & k.owned_days,
        headroom.best_class(u.attempted_days, u.answered_days, u.delivered_days)
    FROM known AS k
    JOIN headroom.usage AS u ON u.subject = k.subject
    WHERE u.contract_id = of_contract
        AND u.month = of_month
        AND u.subject >= '@'
        AND u.subject < 'A'
    UNION ALL
    SELECT
        u.subject,
        u.subject,
        true,
        u.attempted_days,
        u.answered_days,
        u.delivered_days,
        headroom.best_class(u.attempted_days, u.answered_days, u.delivered_days)
    FROM headroom.usage AS u
    WHERE u.contract_id = of_contract
        AND u.month = of_month
        AND u.via_app
        AND u.subject <> '~app'
        AND u.subject NOT IN (SELECT k.subject FROM known AS k);
END
$$;

-- Of a month, for each of the six rules: the owners that count, those of them that are provisional, all requests of the
-- month (those of voided batches too, which the usage leaves out), and the requests that count. One row a rule; zeros
-- where nothing was used.
--   of_month: the first day of the calendar month.
-- Subjects whose row is alone are counted already, batch by batch, as totals. From these the handles with a known user
-- are taken out, and the owners of all rows that may share one are merged and put in, unless their own row is alone.
CREATE FUNCTION headroom.rule_counts(of_contract bigint, of_month date)
RETURNS TABLE (
    rule text, unique_handles bigint, provisional bigint, requests bigint, counted_requests bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 6
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint := headroom.voided_requests(of_contract, of_month);
BEGIN
    RETURN QUERY
    WITH total AS MATERIALIZED (
        SELECT
            t.subject_kind,
            t.via_app,
            sum(t.requests) AS requests,
            sum(t.attempted_requests)::bigint AS attempted_requests,
            sum(t.answered_requests)::bigint AS answered_requests,
            sum(t.delivered_requests)::bigint AS delivered_requests,
            sum(t.attempted_subjects)::bigint AS attempted_subjects,
            sum(t.answered_subjects)::bigint AS answered_subjects,
            sum(t.delivered_subjects)::bigint AS delivered_subjects
        FROM headroom.usage_total AS t
        WHERE t.contract_id = of_contract
            AND t.month = of_month
        GROUP BY t.subject_kind, t.via_app
    ),
    requested AS (
        SELECT
            r.rule,
            sum(t.requests) AS requests,
            sum(headroom.of_class(r.class, t.attempted_requests, t.answered_requests, t.delivered_requests))
                FILTER (WHERE t.subject_kind <> 'app' AND (r.with_app OR NOT t.via_app)) AS counted
        FROM total AS t
        CROSS JOIN headroom.counting_rule AS r
        GROUP BY r.rule
    ),
    sharing AS MATERIALIZED (
        SELECT s.*, headroom.best_class(s.attempted_days, s.answered_days, s.delivered_days) AS class
        FROM headroom.sharing_usage(of_contract, of_month) AS s
    ),
    -- Each row of a handle is taken out once, however many owners it has.
    taken_out AS (
        SELECT d.class, count(*) AS owners
        FROM (
            SELECT DISTINCT s.subject, s.whole_class AS class
            FROM sharing AS s
            WHERE NOT s.via_app
        ) AS d
        GROUP BY d.class
    ),
    merged AS (
        SELECT
            s.owner,
            coalesce(max(s.class) FILTER (WHERE NOT s.via_app), 'not_attempted') AS by_user,
            max(s.class) AS by_any
        FROM sharing AS s
        GROUP BY s.owner
    ),
    -- Few kinds of owners are left, whatever their number. Their own rows are looked up one by one.
    merged_kind AS (
        SELECT m.by_user, m.by_any, m.alone, headroom.subject_kind(m.owner) = 'token' AS provisional, count(*) AS owners
        FROM (
            SELECT
                m.*,
                (
                    SELECT headroom.best_class(u.attempted_days, u.answered_days, u.delivered_days)
                    FROM headroom.usage AS u
                    WHERE u.contract_id = of_contract
                        AND u.month = of_month
                        AND u.subject = m.owner
                        AND NOT u.via_app
                        AND u.subject NOT IN (SELECT s.subject FROM sharing AS s WHERE NOT s.via_app)
                ) AS alone
            FROM merged AS m
        ) AS m
        GROUP BY 1, 2, 3, 4
    ),
    part AS (
        SELECT
            r.rule,
            headroom.of_class(r.class, t.attempted_subjects, t.answered_subjects, t.delivered_subjects) AS owners,
            t.subject_kind = 'token' AS provisional
        FROM total AS t
        CROSS JOIN headroom.counting_rule AS r
        WHERE NOT t.via_app
        UNION ALL
        SELECT r.rule, -o.owners, false
        FROM taken_out AS o
        JOIN headroom.counting_rule AS r ON o.class >= r.class
        UNION ALL
        SELECT r.rule, m.owners, m.provisional
        FROM merged_kind AS m
        JOIN headroom.counting_rule AS r
            ON CASE WHEN r.with_app THEN m.by_any ELSE m.by_user END >= r.class
            AND (m.alone >= r.class) IS NOT TRUE
    ),
    counted AS (
        SELECT
            p.rule,
            sum(p.owners)::bigint AS owners,
            sum(p.owners) FILTER (WHERE p.provisional)::bigint AS provisional
        FROM part AS p
        GROUP BY p.rule
    )
    SELECT
        r.rule,
        coalesce(c.owners, 0),
        coalesce(c.provisional, 0),
        coalesce(q.requests, 0)::bigint + voided,
        coalesce(q.counted, 0)::bigint
    FROM headroom.counting_rule AS r
    LEFT JOIN counted AS c USING (rule)
    LEFT JOIN requested AS q USING (rule);
END
$$;

-- A month's unique handles under each of the six rules.
CREATE FUNCTION headroom.spread(of_contract bigint, of_month date)
RETURNS TABLE (rule text, unique_handles bigint)
LANGUAGE sql STABLE STRICT ROWS 6
AS $$
    SELECT c.rule, c.unique_handles
    FROM headroom.rule_counts(of_contract, of_month) AS c
$$;
