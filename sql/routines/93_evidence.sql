-- SPDX-License-Identifier: MIT
-- What the evidence of a month is made of: the month as its figures have it, which are those of the seal where it is
-- closed.

-- What a month's figures rest on. One row.
--   of_month: the first day of the calendar month.
-- Columns: until_seq: the last link of the chain that the seal saw, null where the month is not closed; rule;
-- time_zone; starts_at, ends_at: the period; later: batches that came after the seal; left_out: batches that were
-- voided then, and the later ones.
CREATE FUNCTION headroom.evidence_basis(of_contract bigint, of_month date)
RETURNS TABLE (
    until_seq bigint, rule text, time_zone text, starts_at timestamptz, ends_at timestamptz, later bigint[],
    left_out bigint[])
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        s.chain_seq,
        coalesce(s.rule, (headroom.term_of(of_contract, of_month)).counting),
        coalesce(s.time_zone, p.time_zone),
        coalesce(s.period_start, p.starts_at),
        coalesce(s.period_end, p.ends_at),
        b.later,
        b.later || ARRAY(SELECT v.batch_id FROM headroom.voided_until(s.chain_seq) AS v)
    FROM headroom.seal_of(of_contract, of_month) AS s
    LEFT JOIN headroom.period(of_contract, of_month) AS p ON true
    CROSS JOIN LATERAL (SELECT headroom.batches_after(s.chain_seq) AS later) AS b;
END
$$;

-- The days of that period, in order; the first and the last may reach out of it.
CREATE FUNCTION headroom.evidence_days(of_contract bigint, of_month date)
RETURNS TABLE (day date, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE STRICT ROWS 31
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT d.day, headroom.day_start(b.time_zone, d.day), headroom.day_start(b.time_zone, d.day + 1)
    FROM headroom.evidence_basis(of_contract, of_month) AS b
    CROSS JOIN LATERAL (
        SELECT (b.starts_at AT TIME ZONE b.time_zone)::date + n AS day
        FROM generate_series(0, 70) AS n
    ) AS d
    WHERE headroom.day_start(b.time_zone, d.day) < b.ends_at
    ORDER BY d.day;
END
$$;

-- The batches of whose lines some may lie in that period.
CREATE FUNCTION headroom.evidence_batches(of_contract bigint, of_month date)
RETURNS TABLE (batch_id bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT DISTINCT s.batch_id
    FROM headroom.evidence_basis(of_contract, of_month) AS b
    JOIN headroom.batch_source AS s
        ON s.contract_id = of_contract
        AND s.first_event < b.ends_at
        AND s.last_event >= b.starts_at;
END
$$;

-- The facts and claims by which the handles of that period have their owners: of each handle and user the earliest
-- fact, and every claim. Where a batch that taught one of them has lines of this contract alone, all that it taught, so
-- that its digest can be made again.
-- Columns: batch_id; whole: whether that is so; part: 1 a fact, 2 a claim; line: of the claim, else 0; subject;
-- user_id; since: of a fact the time in microseconds, of a claim the first date; until: of a claim the first date after
-- it.
CREATE FUNCTION headroom.evidence_facts(of_contract bigint, of_month date)
RETURNS TABLE (
    batch_id bigint, whole boolean, part integer, line bigint, subject text, user_id bigint, since text, until text)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
DECLARE
    basis record;
BEGIN
    SELECT b.starts_at, b.ends_at, b.left_out
    INTO basis
    FROM headroom.evidence_basis(of_contract, of_month) AS b;
    RETURN QUERY
    WITH used AS MATERIALIZED (
        SELECT DISTINCT u.subject
        FROM headroom.usage AS u
        WHERE u.contract_id = of_contract
            AND u.month >= headroom.whole_month_at(of_contract, basis.starts_at)
            AND u.month <= headroom.whole_month_at(of_contract, basis.ends_at - INTERVAL '1 microsecond')
            AND u.subject >= '@'
            AND u.subject < 'A'
    ),
    earliest AS MATERIALIZED (
        SELECT DISTINCT ON (f.subject, f.user_id) f.batch_id, f.subject, f.user_id, f.first_together
        FROM used
        JOIN headroom.identity_fact AS f ON f.subject = used.subject
        WHERE f.batch_id <> ALL (basis.left_out)
        ORDER BY f.subject, f.user_id, f.first_together, f.batch_id
    ),
    teacher AS MATERIALIZED (
        SELECT
            b.batch_id,
            b.kind = 'events' AND NOT EXISTS (
                SELECT FROM headroom.batch_source AS s
                WHERE s.batch_id = b.batch_id AND s.contract_id <> of_contract) AS whole
        FROM headroom.batch AS b
        WHERE b.batch_id IN (SELECT e.batch_id FROM earliest AS e)
    ),
    fact AS (
        SELECT e.batch_id, t.whole, e.subject, e.user_id, e.first_together
        FROM earliest AS e
        JOIN teacher AS t ON t.batch_id = e.batch_id AND NOT t.whole
        UNION ALL
        SELECT f.batch_id, t.whole, f.subject, f.user_id, f.first_together
        FROM headroom.identity_fact AS f
        JOIN teacher AS t ON t.batch_id = f.batch_id AND t.whole
    )
    SELECT
        f.batch_id, f.whole, 1, 0::bigint, f.subject::text, f.user_id, headroom.epoch_us(f.first_together)::text, ''
    FROM fact AS f
    UNION ALL
    SELECT
        c.batch_id, false, 2, c.line, c.subject::text, c.user_id, coalesce(c.valid_from::text, ''),
        coalesce(c.valid_until::text, '')
    FROM used
    JOIN headroom.identity_claim AS c ON c.subject = used.subject
    WHERE c.batch_id <> ALL (basis.left_out);
END
$$;
