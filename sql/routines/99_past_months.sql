-- SPDX-License-Identifier: MIT
-- What there is to say of the months up to one, each as it is stated, and of the owners that they have together.

-- The months of which there is something to say: those of which something was recorded, or that were closed, or that
-- the vendor charged. In order.
--   from_month, to_month: the first days of calendar months, inclusive.
-- Columns: month; recorded: whether it has requests or a seal, so that a count of 0 is one.
CREATE FUNCTION headroom.told_months(of_contract bigint, from_month date, to_month date)
RETURNS TABLE (month date, recorded boolean)
LANGUAGE plpgsql STABLE STRICT ROWS 24
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT m.month, t.recorded
    FROM (
        SELECT g.first_day::date AS month
        FROM generate_series(from_month::timestamp, to_month::timestamp, INTERVAL '1 month') AS g (first_day)
    ) AS m
    CROSS JOIN LATERAL (
        SELECT
            EXISTS (
                SELECT
                FROM headroom.usage_total AS u
                WHERE u.contract_id = of_contract
                    AND u.month = m.month)
            OR (headroom.seal_of(of_contract, m.month)).seal_id IS NOT NULL AS recorded
    ) AS t
    WHERE t.recorded
        OR EXISTS (
            SELECT
            FROM headroom.invoice AS i
            WHERE i.contract_id = of_contract
                AND i.month = m.month)
    ORDER BY m.month;
END
$$;

-- These months, each with its figures as it is stated and what the vendor says of it.
--   to_month: the month that is reported; now_at: the present.
-- Columns: state: see month_state, or 'not covered'; unique_handles, unit_limit, overage, charge: null where nothing
-- was recorded; documents: of the vendor, invoiced_handles and invoiced_amount: see invoiced_month, null without one;
-- adjustment: of a closed month what its close carried of earlier ones, of to_month what the next close would carry
-- with it, else null; in the month's currency.
CREATE FUNCTION headroom.past_months(of_contract bigint, from_month date, to_month date, now_at timestamptz)
RETURNS TABLE (
    month date,
    state text,
    unique_handles bigint,
    unit_limit bigint,
    overage bigint,
    charge numeric,
    currency text,
    documents bigint,
    invoiced_handles bigint,
    invoiced_amount numeric,
    adjustment numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 24
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        t.month,
        o.state,
        CASE WHEN t.recorded THEN o.unique_handles END,
        CASE WHEN t.recorded THEN l.unit_limit END,
        CASE WHEN t.recorded THEN greatest(o.unique_handles - coalesce(l.unit_limit, o.unique_handles), 0) END,
        CASE WHEN t.recorded THEN o.charge END,
        o.currency,
        v.documents,
        v.unique_handles,
        v.amount,
        CASE
            WHEN o.seal_id IS NOT NULL THEN o.adjustment
            WHEN t.month = to_month THEN (
                SELECT coalesce(sum(a.amount), 0)
                FROM headroom.adjustments(of_contract, to_month) AS a
                WHERE a.currency = o.currency)
        END
    FROM headroom.told_months(of_contract, from_month, to_month) AS t
    CROSS JOIN LATERAL headroom.invoice_ours(of_contract, t.month, now_at) AS o
    CROSS JOIN LATERAL (SELECT headroom.stated_limit(of_contract, t.month) AS unit_limit) AS l
    LEFT JOIN headroom.invoiced_month AS v
        ON v.contract_id = of_contract
        AND v.month = t.month
    ORDER BY t.month;
END
$$;

-- In which of some months owners count, each month as it is stated: one row for each set of months that there is. Goes
-- through all owners of these months once; of a single month it takes the count.
--   of_months: the first days of calendar months, 63 at most.
-- Columns: months: bit k for of_months[k + 1], never empty; owners: how many count in just these.
CREATE FUNCTION headroom.month_patterns(of_contract bigint, of_months date[])
RETURNS TABLE (months bigint, owners bigint)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    IF cardinality(of_months) = 1 THEN
        RETURN QUERY
        SELECT 1::bigint, c.spread[r.place]
        FROM headroom.stated_term(of_contract, of_months[1]) AS t
        JOIN headroom.counting_rule AS r ON r.rule = t.counting
        CROSS JOIN LATERAL (SELECT headroom.stated_rule_counts(of_contract, of_months[1]) AS spread) AS c
        WHERE c.spread[r.place] > 0;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT p.months, count(*)
    FROM (
        SELECT o.owner, bit_or(1::bigint << (m.place - 1)::integer) AS months
        FROM unnest(of_months) WITH ORDINALITY AS m (month, place)
        CROSS JOIN LATERAL headroom.seal_of(of_contract, m.month) AS s
        CROSS JOIN LATERAL (
            SELECT k.owner
            FROM headroom.seal_owner AS k
            WHERE k.seal_id = s.seal_id
            UNION ALL
            SELECT c.owner
            FROM headroom.owners_on(
                of_contract, m.month,
                CASE WHEN s.seal_id IS NULL THEN (headroom.term_of(of_contract, m.month)).counting END, -1) AS c
        ) AS o
        GROUP BY o.owner
    ) AS p
    GROUP BY p.months;
END
$$;

-- The quarters and years of the calendar that months of a contract bear the names of, with the owners that count in any
-- of their months: a set, not a sum.
--   from_month, to_month: those that touch these months, with all their months up to to_month.
-- Columns: span: '2026' or '2026 Q3'; kind: 'year' or 'quarter'; first_month, last_month: those of which something was
-- recorded, months: how many these are; unique_handles: of all of them together; handle_months: the sum of what each of
-- them has. In order; without recorded months there is no row.
CREATE FUNCTION headroom.span_uniques(of_contract bigint, from_month date, to_month date)
RETURNS TABLE (
    span text,
    kind text,
    first_month date,
    last_month date,
    months bigint,
    unique_handles bigint,
    handle_months bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 12
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH listed AS MATERIALIZED (
        SELECT
            t.month,
            date_trunc('year', t.month::timestamp)::date AS year,
            row_number() OVER (PARTITION BY EXTRACT(YEAR FROM t.month) ORDER BY t.month) - 1 AS "bit"
        FROM headroom.told_months(of_contract, date_trunc('year', from_month::timestamp)::date, to_month) AS t
        WHERE t.recorded
    ),
    spanned AS (
        SELECT
            to_char(l.month, f.form) AS span,
            f.kind,
            l.year,
            min(l.month) AS first_month,
            max(l.month) AS last_month,
            count(*) AS months,
            bit_or(1::bigint << l.bit::integer) AS bits
        FROM listed AS l
        CROSS JOIN (VALUES ('quarter', 'YYYY "Q"Q'), ('year', 'YYYY')) AS f (kind, form)
        GROUP BY 1, 2, 3
    ),
    pattern AS MATERIALIZED (
        SELECT y.year, p.months, p.owners
        FROM (SELECT l.year, array_agg(l.month ORDER BY l.month) AS months FROM listed AS l GROUP BY l.year) AS y
        CROSS JOIN LATERAL headroom.month_patterns(of_contract, y.months) AS p
    )
    SELECT
        s.span,
        s.kind,
        s.first_month,
        s.last_month,
        s.months,
        coalesce(sum(p.owners), 0)::bigint,
        coalesce(sum(p.owners * bit_count((p.months & s.bits)::bit(64))), 0)::bigint
    FROM spanned AS s
    LEFT JOIN pattern AS p
        ON p.year = s.year
        AND p.months & s.bits <> 0
    WHERE s.kind = 'year'
        OR s.last_month >= date_trunc('quarter', from_month::timestamp)::date
    GROUP BY s.span, s.kind, s.first_month, s.last_month, s.months
    ORDER BY s.kind, s.span;
END
$$;
