-- SPDX-License-Identifier: MIT
-- What a month answers: a closed one with what was sealed, every other one with what is counted now. Status, lists,
-- statements and reports read these, and so does whoever asks from psql.

-- The seal that holds of a month; all null where it is not closed.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.seal_of(of_contract bigint, of_month date)
RETURNS headroom.seal
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    found_seal headroom.seal;
BEGIN
    SELECT s.*
    INTO found_seal
    FROM headroom.seal_in_force AS s
    WHERE s.contract_id = of_contract
        AND s.month = of_month;
    RETURN found_seal;
END
$$;

-- The status of a contract's month; no row where the month has no period. Columns: as month_status_today.
--   of_month: the first day of the calendar month; now_at: the present.
CREATE FUNCTION headroom.month_status(of_contract bigint, of_month date, now_at timestamptz)
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
BEGIN
    RETURN QUERY
    SELECT
        c.name,
        to_char(of_month, 'YYYY-MM'),
        s.period_start,
        s.period_end,
        s.time_zone,
        'closed',
        s.rule,
        s.unique_handles,
        s.provisional,
        s.unit_limit,
        CASE WHEN s.unit_limit IS NOT NULL THEN greatest(s.unit_limit - s.unique_handles, 0) END,
        s.overage,
        headroom.money(s.charge, s.currency),
        s.currency,
        s.requests,
        s.counted_requests,
        s.as_of,
        s.data_until,
        s.completeness,
        s.completeness_words,
        NULL,
        s.low_days,
        s.spread
    FROM headroom.seal_in_force AS s
    JOIN headroom.contract AS c USING (contract_id)
    WHERE s.contract_id = of_contract
        AND s.month = of_month;
    IF NOT FOUND THEN
        RETURN QUERY
        SELECT t.*
        FROM headroom.month_status_today(of_contract, of_month, now_at) AS t;
    END IF;
END
$$;

-- The owners that count in a month under its rule, each with its evidence; none where the month has no period.
--   of_month: the first day of the calendar month. Columns: as counted; endpoints is null of a month that was closed
--   before they were kept.
CREATE FUNCTION headroom.month_owners(of_contract bigint, of_month date)
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
SET jit = off
SET enable_nestloop = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NULL THEN
        RETURN QUERY
        SELECT n.*
        FROM headroom.period(of_contract, of_month) AS p
        JOIN headroom.term AS t ON t.term_id = p.term_id
        CROSS JOIN LATERAL headroom.counted(of_contract, of_month, t.counting) AS n;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        o.owner,
        o.subject,
        CASE WHEN o.owner ~ '^[0-9]' THEN o.owner END,
        o.handle,
        o.provisional,
        o.first_seen,
        o.last_seen,
        o.requests,
        o.counted_requests,
        o.days,
        o.label,
        o.app,
        o.first_source,
        o.first_id,
        o.first_batch,
        o.endpoints,
        n.earlier
    FROM headroom.seal_owner AS o
    LEFT JOIN headroom.user_handles(headroom.absent_since(sealed.chain_seq)) AS n ON n.owner = o.owner
    WHERE o.seal_id = sealed.seal_id;
END
$$;
