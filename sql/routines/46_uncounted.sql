-- SPDX-License-Identifier: MIT
-- The owners of a month that were used and do not count. Reads no events but for handles that passed from one user to
-- another within the month.

-- Those that do not count in a month under a rule, by requests of batches that are not voided.
--   of_month: the first day of the calendar month; of_rule: one of counting_rule.
-- Columns: owner; handle: without '@', null where none is known; reason: why the best of its requests does not count;
-- requests: all of the owner in the month; last_seen; endpoints: as in usage. In no order.
CREATE FUNCTION headroom.uncounted(of_contract bigint, of_month date, of_rule text)
RETURNS TABLE (
    owner text, handle text, reason text, requests bigint, last_seen timestamptz, endpoints smallint)
LANGUAGE plpgsql STABLE STRICT ROWS 1000
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
            rule.with_app OR NOT u.via_app AS counts,
            u.requests,
            u.attempted_requests,
            u.answered_requests,
            u.delivered_requests,
            headroom.of_class(rule.class, u.attempted_days, u.answered_days, u.delivered_days) AS days,
            u.last_seen,
            u.endpoints
        FROM headroom.mixed_usage(of_contract, of_month, mixed) AS u
        WHERE u.owner <> '~app'
        UNION ALL
        SELECT
            u.subject,
            true,
            u.requests,
            u.attempted_requests,
            u.answered_requests,
            u.delivered_requests,
            0,
            u.last_seen,
            u.endpoints
        FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month = of_month
            AND NOT u.via_app
            AND NOT EXISTS (SELECT FROM unnest(mixed) AS m (subject) WHERE m.subject = u.subject)
            AND headroom.of_class(rule.class, u.attempted_days, u.answered_days, u.delivered_days) = 0
    ),
    total AS (
        SELECT
            p.owner,
            bool_or(p.counts) AS by_user,
            CASE
                WHEN bool_or(p.delivered_requests > 0) FILTER (WHERE p.counts) THEN 'delivered'::headroom.class
                WHEN bool_or(p.answered_requests > 0) FILTER (WHERE p.counts) THEN 'answered'
                WHEN bool_or(p.attempted_requests > 0) FILTER (WHERE p.counts) THEN 'attempted'
                ELSE 'not_attempted'
            END AS best,
            sum(p.requests)::bigint AS requests,
            max(p.last_seen) AS last_seen,
            bit_or(p.endpoints) AS endpoints
        FROM part AS p
        GROUP BY p.owner
        HAVING coalesce(bit_or(p.days) FILTER (WHERE p.counts), 0) = 0
    )
    SELECT
        t.owner,
        CASE WHEN t.owner LIKE '@%' THEN substr(t.owner, 2) ELSE n.handle END,
        headroom.not_counted_reason(of_rule, NOT t.by_user, false, t.best),
        t.requests,
        t.last_seen,
        t.endpoints
    FROM total AS t
    LEFT JOIN headroom.user_handles(headroom.voided_batches()) AS n ON n.owner = t.owner;
END
$$;
