-- SPDX-License-Identifier: MIT
-- Where a billing month stands: one row, from the maintained usage, whatever the number of events.

-- The time up to which all active sources of a contract have delivered, exclusive; null where there is none. A source
-- has delivered up to its last event (voided batches left out), or as far as a reader says that nothing more will come,
-- or as an event endpoint has listened for it: all that was sent there is in the ledger.
-- Active is a source that has delivered something in the month before the one that is asked for, or later.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.data_until(of_contract bigint, of_month date)
RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    active_since CONSTANT timestamptz := headroom.whole_start(of_contract, (of_month - INTERVAL '1 month')::date);
BEGIN
    RETURN (
        SELECT min(s.delivered_until)
        FROM (
            SELECT
                d.source,
                greatest(
                    max(d.until),
                    (
                        SELECT max(l.until)
                        FROM headroom.source_listened AS l
                        WHERE l.contract_id = of_contract
                            AND l.source = d.source)) AS delivered_until
            FROM (
                SELECT t.source, t.last_event + INTERVAL '1 microsecond' AS until
                FROM headroom.source_total AS t
                WHERE t.contract_id = of_contract
                    AND t.last_event >= active_since
                UNION ALL
                SELECT u.source, u.until
                FROM headroom.source_until AS u
                WHERE u.contract_id = of_contract
                    AND u.until > active_since
            ) AS d
            GROUP BY d.source
        ) AS s);
END
$$;

-- Up to when a month's figures are the whole truth: null where no source delivered.
--   delivered: see data_until; period_end: exclusive; now_at: the present.
CREATE FUNCTION headroom.whole_until(delivered timestamptz, period_end timestamptz, now_at timestamptz)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN delivered IS NOT NULL THEN least(delivered, period_end, now_at) END
$$;

-- The status of a contract's month as it is counted today, closed or not; no row where the month has no period. Whoever
-- reports a month reads month_status, where a closed one is as it was sealed.
--   of_month: the first day of the calendar month; now_at: the present.
-- Columns: month as '2026-10'; period_start, period_end: half-open, as cut; state: see month_state; rule: of the terms
-- in force; provisional: of the unique handles those that a token names but nobody knows; unit_limit and headroom: null
-- without a limit; charge: exact text; requests: all of the month, counted_requests: those that count; as_of: up to
-- when the figures are the whole truth, null where no source delivered; completeness: the month's grade (see
-- month_grade), completeness_words: the same for a person, silent: which sources have gone quiet, null where none has;
-- low_days: whose count may be too low; spread: the unique handles under each rule, by the place of counting_rule.
CREATE FUNCTION headroom.month_status_today(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    contract text,
    month text,
    period_start timestamptz,
    period_end timestamptz,
    time_zone text,
    state text,
    rule text,
    unique_handles bigint,
    provisional bigint,
    unit_limit bigint,
    headroom bigint,
    overage bigint,
    charge text,
    currency text,
    requests bigint,
    counted_requests bigint,
    as_of timestamptz,
    data_until timestamptz,
    completeness text,
    completeness_words text,
    silent text,
    low_days date[],
    spread bigint[])
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
DECLARE
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
    of_limit CONSTANT bigint := headroom.unit_limit(of_contract, of_month);
    delivered CONSTANT timestamptz := headroom.data_until(of_contract, of_month);
BEGIN
    RETURN QUERY
    WITH counts AS MATERIALIZED (
        SELECT r.place, k.*
        FROM headroom.rule_counts(of_contract, of_month) AS k
        JOIN headroom.counting_rule AS r ON r.rule = k.rule
    )
    SELECT
        c.name,
        to_char(of_month, 'YYYY-MM'),
        p.starts_at,
        p.ends_at,
        p.time_zone,
        headroom.month_state(of_contract, of_month, now_at),
        n.rule,
        n.unique_handles,
        n.provisional,
        of_limit,
        CASE WHEN of_limit IS NOT NULL THEN greatest(of_limit - n.unique_handles, 0) END,
        o.overage,
        headroom.money(headroom.charge(of_contract, of_month, o.overage), term.currency),
        term.currency,
        n.requests,
        n.counted_requests,
        headroom.whole_until(delivered, p.ends_at, now_at),
        delivered,
        g.grade,
        g.words,
        g.silent,
        g.low_days,
        ARRAY(SELECT k.unique_handles FROM counts AS k ORDER BY k.place)
    FROM headroom.contract AS c
    CROSS JOIN LATERAL headroom.period(of_contract, of_month) AS p
    JOIN counts AS n ON n.rule = term.counting
    CROSS JOIN LATERAL (SELECT greatest(n.unique_handles - coalesce(of_limit, n.unique_handles), 0) AS overage) AS o
    CROSS JOIN LATERAL headroom.month_grade(of_contract, of_month, now_at) AS g
    WHERE c.contract_id = of_contract;
END
$$;
