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

-- Of a month, for each of the six rules: the owners that count, those of them that are provisional, all requests of the
-- month (those of voided batches too, which the usage leaves out), and the requests that count. One row a rule; zeros
-- where nothing was used.
--   of_month: the first day of the calendar month.
-- Nearly every row of the usage is alone: used by its user, who owns it and no other row. These are only counted, in
-- one pass; what may share an owner with another row (handles with a known user, requests of the app) is merged.
-- Nested loops are off: a month that was loaded a minute ago has no statistics yet, and then each of its rows would be
-- held against each.
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
    WITH known AS MATERIALIZED (
        SELECT h.subject, h.owner, h.owned_days
        FROM headroom.handle_owners(of_contract, of_month) AS h
    ),
    month_usage AS NOT MATERIALIZED (
        SELECT u.*, headroom.best_class(u.attempted_days, u.answered_days, u.delivered_days) AS class
        FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
    ),
    part AS (
        SELECT
            false AS via_app,
            false AS ownerless,
            sum((u.attempted_days <> 0)::integer) AS attempted_owners,
            sum((u.answered_days <> 0)::integer) AS answered_owners,
            sum((u.delivered_days <> 0)::integer) AS delivered_owners,
            sum(u.requests)::bigint AS requests,
            sum(u.attempted_requests)::bigint AS attempted,
            sum(u.answered_requests)::bigint AS answered,
            sum(u.delivered_requests)::bigint AS delivered
        FROM month_usage AS u
        WHERE NOT u.via_app
        UNION ALL
        -- Handles with a known user are not alone: they are taken out again.
        SELECT
            false,
            false,
            -sum((u.attempted_days <> 0)::integer),
            -sum((u.answered_days <> 0)::integer),
            -sum((u.delivered_days <> 0)::integer),
            0,
            0,
            0,
            0
        FROM month_usage AS u
        WHERE NOT u.via_app
            AND u.subject IN (SELECT k.subject FROM known AS k)
        UNION ALL
        SELECT
            true,
            u.subject = '~app',
            0,
            0,
            0,
            sum(u.requests)::bigint,
            sum(u.attempted_requests)::bigint,
            sum(u.answered_requests)::bigint,
            sum(u.delivered_requests)::bigint
        FROM month_usage AS u
        WHERE u.via_app
        GROUP BY u.subject = '~app'
    ),
    total AS (
        SELECT
            r.rule,
            sum(headroom.of_class(r.class, p.attempted_owners, p.answered_owners, p.delivered_owners)) AS alone,
            sum(p.requests) AS requests,
            sum(headroom.of_class(r.class, p.attempted, p.answered, p.delivered))
                FILTER (WHERE NOT p.ownerless AND (r.with_app OR NOT p.via_app)) AS counted
        FROM part AS p
        CROSS JOIN headroom.counting_rule AS r
        GROUP BY r.rule
    ),
    share AS (
        SELECT
            k.owner,
            u.via_app,
            headroom.best_class(
                u.attempted_days & k.owned_days,
                u.answered_days & k.owned_days,
                u.delivered_days & k.owned_days) AS class
        FROM known AS k
        JOIN month_usage AS u ON u.subject = k.subject
        UNION ALL
        SELECT u.subject, true, u.class
        FROM month_usage AS u
        WHERE u.via_app
            AND u.subject <> '~app'
            AND u.subject NOT IN (SELECT k.subject FROM known AS k)
    ),
    merged AS (
        SELECT
            s.owner,
            coalesce(max(s.class) FILTER (WHERE NOT s.via_app), 'not_attempted') AS by_user,
            max(s.class) AS by_any
        FROM share AS s
        GROUP BY s.owner
    ),
    -- An owner whose row is alone is counted there already. Few kinds of owners are left, whatever their number.
    merged_kind AS (
        SELECT m.by_user, m.by_any, u.class AS alone, count(*) AS owners
        FROM merged AS m
        LEFT JOIN month_usage AS u
            ON u.subject = m.owner
            AND NOT u.via_app
            AND u.subject NOT IN (SELECT k.subject FROM known AS k)
        GROUP BY m.by_user, m.by_any, u.class
    ),
    merged_total AS (
        SELECT r.rule, sum(m.owners) AS owners
        FROM merged_kind AS m
        JOIN headroom.counting_rule AS r
            ON CASE WHEN r.with_app THEN m.by_any ELSE m.by_user END >= r.class
            AND (m.alone >= r.class) IS NOT TRUE
        GROUP BY r.rule
    ),
    token AS (
        SELECT r.rule, count(DISTINCT u.subject) AS owners
        FROM month_usage AS u
        JOIN headroom.counting_rule AS r
            ON u.class >= r.class
            AND (r.with_app OR NOT u.via_app)
        WHERE u.subject >= '~'
            AND u.subject <> '~app'
        GROUP BY r.rule
    )
    SELECT
        t.rule,
        (coalesce(t.alone, 0) + coalesce(m.owners, 0))::bigint,
        coalesce(k.owners, 0),
        coalesce(t.requests, 0)::bigint + voided,
        coalesce(t.counted, 0)::bigint
    FROM total AS t
    LEFT JOIN merged_total AS m USING (rule)
    LEFT JOIN token AS k USING (rule);
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
