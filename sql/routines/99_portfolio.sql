-- SPDX-License-Identifier: MIT
-- All contracts at once, for the report portfolio.

-- The state of several contracts, each in a month, and what its forecast says of it.
--   given: an array of {contract_id, month, forecast, status}, forecast as `headroom status --json` has it, null: none;
--   status: the columns of month_status.
--   now_at: the present.
-- Columns: contract; month as '2026-10'; time_zone; state: open, over or closed, with the contract's end where that is
-- past; risk: over, likely (a chance of one half or more), possible (of one tenth or more), low, unknown, no limit;
-- unique_handles, unit_limit, headroom, overage: of a month without a limit the last three are null; forecast, low_end,
-- high_end: handles at the month's end, the median and what holds it four times out of five; probability: of passing
-- the limit, 0 or 1 where the month is over or it is passed; charge, expected_charge (exact text), currency;
-- data_until; grade, silent: in words; disputes: documents of the vendor in dispute, of the month and those before.
CREATE FUNCTION headroom.portfolio(given jsonb, now_at timestamptz)
RETURNS TABLE (
    contract text,
    month text,
    time_zone text,
    state text,
    risk text,
    unique_handles bigint,
    unit_limit bigint,
    headroom bigint,
    overage bigint,
    forecast bigint,
    low_end bigint,
    high_end bigint,
    probability double precision,
    charge text,
    expected_charge text,
    currency text,
    data_until timestamptz,
    grade text,
    silent text,
    disputes bigint)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT g.contract_id, g.month, NULLIF(g.forecast, 'null') AS forecast, g.status
        FROM jsonb_to_recordset(given) AS g (contract_id bigint, month date, forecast jsonb, status jsonb)
    ),
    said AS MATERIALIZED (
        SELECT
            s.*,
            c.ends_on,
            a.forecast AS outlook,
            CASE
                WHEN s.unit_limit IS NULL THEN NULL
                WHEN s.overage > 0 THEN 1
                WHEN s.state <> 'open' THEN 0
                ELSE (a.forecast ->> 'probability_over_limit')::double precision
            END AS chance,
            (SELECT count(*)
            FROM headroom.open_disputes(a.contract_id, a.month, now_at) AS d
            WHERE d.status = 'disputed') AS disputed
        FROM asked AS a
        JOIN headroom.contract AS c USING (contract_id)
        CROSS JOIN LATERAL jsonb_to_record(a.status) AS s (
            contract text, month text, time_zone text, state text, unique_handles bigint, unit_limit bigint,
            headroom bigint, overage bigint, charge text, currency text, data_until timestamptz,
            completeness_words text, silent text)
    )
    SELECT
        s.contract,
        s.month,
        s.time_zone,
        s.state || CASE
            WHEN s.ends_on <= (now_at AT TIME ZONE s.time_zone)::date THEN ', ended ' || s.ends_on
            ELSE ''
        END,
        CASE
            WHEN s.unit_limit IS NULL THEN 'no limit'
            WHEN s.overage > 0 THEN 'over'
            WHEN s.chance IS NULL THEN 'unknown'
            WHEN s.chance >= 0.5 THEN 'likely'
            WHEN s.chance >= 0.1 THEN 'possible'
            ELSE 'low'
        END,
        s.unique_handles,
        s.unit_limit,
        s.headroom,
        CASE WHEN s.unit_limit IS NOT NULL THEN s.overage END,
        round((s.outlook ->> 'p50')::numeric)::bigint,
        floor((s.outlook ->> 'p10')::numeric)::bigint,
        ceil((s.outlook ->> 'p90')::numeric)::bigint,
        s.chance,
        s.charge,
        CASE WHEN s.state = 'open' THEN s.outlook ->> 'expected_charge' ELSE s.charge END,
        s.currency,
        s.data_until,
        s.completeness_words,
        s.silent,
        s.disputed
    FROM said AS s;
END
$$;
