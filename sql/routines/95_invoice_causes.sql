-- SPDX-License-Identifier: MIT
-- What could make the vendor's figures of a month differ from ours, where its list of handles is not known.

-- How many names more than owners a vendor could count that counts names: subjects of one owner, or handles that a
-- user took within the month; and how many owners are known by a name or a token only, so that the vendor may know them
-- to be somebody else who counts.
CREATE FUNCTION headroom.month_names(of_contract bigint, of_month date, OUT more bigint, OUT fewer bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    rule headroom.counting_rule;
    span record;
BEGIN
    SELECT r.* INTO STRICT rule
    FROM headroom.counting_rule AS r
    WHERE r.rule = (headroom.term_of(of_contract, of_month)).counting;
    SELECT p.starts_at, p.ends_at INTO span FROM headroom.period(of_contract, of_month) AS p;
    WITH used AS (
        SELECT u.owner, u.subjects
        FROM headroom.invoice_usage(of_contract, of_month, rule.class) AS u
        WHERE CASE WHEN rule.with_app THEN u.days ELSE u.by_user_days END <> 0
    ),
    taken AS (
        SELECT
            t.user_id::text AS owner,
            count(DISTINCT t.subject) FILTER (WHERE t.taken_at >= span.starts_at)
                - (count(*) FILTER (WHERE t.taken_at IS NULL OR t.taken_at < span.starts_at) = 0)::integer AS handles
        FROM headroom.taken_handle AS t
        WHERE t.taken_at IS NULL OR t.taken_at < span.ends_at
        GROUP BY t.user_id
    )
    SELECT
        coalesce(sum(greatest(u.subjects - 1, t.handles, 0)), 0),
        count(*) FILTER (WHERE u.owner ~ '^[@~]')
    INTO more, fewer
    FROM used AS u
    LEFT JOIN taken AS t USING (owner);
END
$$;

-- What could make the vendor count others than we do, of a month that has an invoice: candidates, none of which is
-- proved.
-- Columns: cause; of_kind: of the causes of one kind at most one can be true; description: for a person; fewest, most:
-- by how many handles the vendor's count could differ from ours through it, from 0 or less to 0 or more, null: nobody
-- can say; exactly: whether it changes the count by just that many, and not by some of them.
CREATE FUNCTION headroom.invoice_causes(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (cause text, of_kind text, description text, fewest bigint, most bigint, exactly boolean)
LANGUAGE plpgsql STABLE STRICT ROWS 12
AS $$
#variable_conflict use_column
DECLARE
    checked record;
    our_rule headroom.counting_rule;
BEGIN
    SELECT c.* INTO checked FROM headroom.invoice_check(of_contract, of_month, now_at) AS c;
    SELECT r.* INTO STRICT our_rule FROM headroom.counting_rule AS r WHERE r.rule = checked.rule;
    RETURN QUERY
    WITH ours AS MATERIALIZED (
        SELECT o.first_batch
        FROM headroom.month_owners(of_contract, of_month) AS o
    ),
    boundary AS (
        SELECT
            coalesce(max(b.leave) FILTER (WHERE b.side = 'start'), 0) AS leave_start,
            coalesce(max(b.come) FILTER (WHERE b.side = 'start'), 0) AS come_start,
            coalesce(max(b.leave) FILTER (WHERE b.side = 'end'), 0) AS leave_end,
            coalesce(max(b.come) FILTER (WHERE b.side = 'end'), 0) AS come_end
        FROM headroom.stated_boundary(of_contract, of_month, checked.unique_handles) AS b
    ),
    today AS MATERIALIZED (
        SELECT r.place, r.rule, n.unique_handles
        FROM headroom.rule_counts(of_contract, of_month) AS n
        JOIN headroom.counting_rule AS r USING (rule)
    ),
    spread AS (
        SELECT s.rule, r.class, r.with_app, s.unique_handles - checked.unique_handles AS difference
        FROM headroom.stated_spread(
            of_contract, of_month, ARRAY(SELECT t.unique_handles FROM today AS t ORDER BY t.place)) AS s
        JOIN headroom.counting_rule AS r USING (rule)
    )
    SELECT 'zone boundary', 'zone', 'the vendor''s month begins and ends earlier than the contract''s', -b.leave_end,
        b.come_start, false
    FROM boundary AS b
    UNION ALL
    SELECT 'zone boundary', 'zone', 'the vendor''s month begins and ends later than the contract''s', -b.leave_start,
        b.come_end, false
    FROM boundary AS b
    UNION ALL
    SELECT
        CASE
            WHEN r.class = our_rule.class THEN 'app-only'
            WHEN r.with_app = our_rule.with_app THEN 'failed requests'
            ELSE 'failed requests and app-only'
        END,
        'rule', format('the vendor counts by the rule ''%s''', r.rule), least(r.difference, 0),
        greatest(r.difference, 0), true
    FROM spread AS r
    WHERE r.rule <> checked.rule
    UNION ALL
    SELECT 'app-only', 'app', 'requests of the app alone, of which no log names the owner', 0,
        coalesce(
            sum(headroom.of_class(our_rule.class, u.attempted_requests, u.answered_requests, u.delivered_requests)),
            0)::bigint,
        false
    FROM headroom.usage AS u
    WHERE u.contract_id = of_contract
        AND u.month = of_month
        AND u.subject = '~app'
    UNION ALL
    SELECT 'renames', 'renames', 'the vendor counts names, or knows two of ours to be one user', -n.fewer, n.more, false
    FROM headroom.month_names(of_contract, of_month) AS n
    UNION ALL
    SELECT 'late events', 'late', format('counted by batches that were loaded after %s, the date of the invoice',
            checked.latest),
        -count(*), 0, false
    FROM ours AS o
    JOIN headroom.batch AS b ON b.batch_id = o.first_batch
    WHERE (b.loaded_at AT TIME ZONE 'UTC')::date > checked.latest
    UNION ALL
    SELECT 'late events', 'seal', 'the count of today differs from that of the close',
        least(n.unique_handles - checked.unique_handles, 0), greatest(n.unique_handles - checked.unique_handles, 0),
        true
    FROM today AS n
    WHERE n.rule = checked.rule
        AND checked.seal_id IS NOT NULL
    UNION ALL
    SELECT 'gaps', 'gaps', format('days whose log may lack requests: %s', d.days), 0, NULL, false
    FROM (SELECT headroom.month_low_days(of_contract, of_month, now_at) AS days) AS d
    WHERE d.days > 0
    UNION ALL
    SELECT 'quarantined lines', 'quarantine', 'lines that could not be read, and may name others', 0,
        headroom.month_quarantined(of_contract, of_month), false;
END
$$;

-- What could make the difference between the vendor's figures of a month and ours, and what makes it: candidates by how
-- much they reach, then the price difference, the adjustments that our close carried, and what no candidate reaches. No
-- row where there is no document, or no difference.
--   of_month: the first day of the calendar month; now_at: the present.
-- Columns: place: their order; cause; kind; description; endless; reach, explains; amount, in currency; alone, exactly:
-- as in struct invoice_cause.
CREATE FUNCTION headroom.invoice_differences(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    place bigint,
    cause text,
    kind text,
    description text,
    endless boolean,
    reach bigint,
    explains bigint,
    amount numeric,
    currency text,
    alone boolean,
    exactly boolean)
LANGUAGE plpgsql STABLE STRICT ROWS 10
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH checked AS MATERIALIZED (
        SELECT c.*, sign(c.handles_difference)::integer AS direction, abs(c.handles_difference) AS size
        FROM headroom.invoice_check(of_contract, of_month, now_at) AS c
        WHERE c.documents > 0
    ),
    candidate AS MATERIALIZED (
        SELECT
            a.cause,
            a.of_kind,
            a.description,
            a.exactly,
            c.size,
            c.direction,
            CASE c.direction WHEN 1 THEN a.most ELSE -a.fewest END IS NULL AS endless,
            coalesce(CASE c.direction WHEN 1 THEN a.most ELSE -a.fewest END, c.size) AS reach
        FROM checked AS c
        CROSS JOIN LATERAL headroom.invoice_causes(of_contract, of_month, now_at) AS a
        WHERE c.direction <> 0
    ),
    -- Of one kind only the one that reaches furthest, for nothing but what is left is sought here. What changes the
    -- count by exactly more than the difference is not what made it.
    furthest AS (
        SELECT coalesce(sum(k.reach), 0)::bigint AS reach
        FROM (
            SELECT max(a.reach) AS reach
            FROM candidate AS a
            WHERE NOT (a.exactly AND a.reach > a.size)
            GROUP BY a.of_kind
        ) AS k
    ),
    found AS (
        SELECT
            1 AS place, a.cause, a.of_kind AS kind, a.description, a.endless, a.reach,
            (a.direction * CASE WHEN a.exactly THEN a.reach ELSE least(a.reach, a.size) END)::bigint AS explains,
            NULL::numeric AS amount, a.reach = a.size OR (a.reach > a.size AND NOT a.exactly) AS alone,
            a.exactly AND a.reach = a.size AS exactly
        FROM candidate AS a
        WHERE a.reach > 0
        UNION ALL
        SELECT
            2, 'price difference', 'price', 'their amount against our price of their own count', false, 0, 0,
            c.price_amount, c.handles_difference = 0, true
        FROM checked AS c
        WHERE c.price_amount <> 0
        UNION ALL
        SELECT
            3, 'adjustments', 'adjustments', 'carried by our close of this month from earlier ones', false, 0, 0,
            c.adjustment, c.amount_difference = c.adjustment, c.amount_difference = c.adjustment
        FROM checked AS c
        WHERE c.adjustment <> 0
        UNION ALL
        SELECT
            4, 'unexplained', 'unexplained', 'no candidate reaches so far', false, 0,
            (c.direction * (c.size - f.reach))::bigint, NULL, false, false
        FROM checked AS c
        CROSS JOIN furthest AS f
        WHERE c.size > f.reach
    )
    SELECT
        row_number() OVER (
            ORDER BY f.place, f.exactly DESC, f.alone DESC, f.reach DESC, f.cause COLLATE "C",
                f.description COLLATE "C"),
        f.cause,
        f.kind,
        f.description,
        f.endless,
        f.reach,
        f.explains,
        coalesce(
            f.amount,
            headroom.stated_charge(of_contract, of_month, greatest(c.unique_handles + f.explains, 0)) - c.charge),
        c.currency,
        f.alone,
        f.exactly
    FROM found AS f
    CROSS JOIN checked AS c;
END
$$;
