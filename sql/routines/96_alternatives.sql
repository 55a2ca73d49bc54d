-- SPDX-License-Identifier: MIT
-- Would another commitment that the vendor offers have been cheaper?

-- The months that commitments are compared over: the last 12 up to a month, of those that are over and that there is
-- something to say of. Left out is one that the contract's start or end cuts, for which no fee is agreed, and one whose
-- terms are in another currency.
--   of_month: the first day of the calendar month; now_at: the present.
-- Columns: month; unique_handles, unit_limit, charge, fee: as the month is stated.
CREATE FUNCTION headroom.compared_months(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (month date, unique_handles bigint, unit_limit bigint, charge numeric, fee numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 12
AS $$
#variable_conflict use_column
DECLARE
    its_currency CONSTANT text := (headroom.stated_term(of_contract, of_month)).currency;
BEGIN
    RETURN QUERY
    SELECT m.month, u.unique_handles, u.unit_limit, u.charge, coalesce(t.fee, 0)
    FROM headroom.statement_months(of_contract, now_at) AS m
    CROSS JOIN LATERAL headroom.period(of_contract, m.month) AS p
    CROSS JOIN LATERAL headroom.stated_term(of_contract, m.month) AS t
    CROSS JOIN LATERAL headroom.stated_use(of_contract, m.month) AS u
    WHERE m.month <= of_month
        AND m.month > of_month - INTERVAL '12 months'
        AND p.ends_at <= now_at
        AND p.starts_at = p.whole_starts_at
        AND p.ends_at = p.whole_ends_at
        AND t.currency = its_currency
    ORDER BY m.month;
END
$$;

-- The price of a contract's document in words: "flat, 2.50 a handle".
CREATE FUNCTION headroom.pricing_words(pricing jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE pricing ->> 'model'
        WHEN 'flat' THEN format('%s a handle', pricing ->> 'unit_price')
        WHEN 'package' THEN format('%s a block of %s handles', pricing ->> 'price', pricing ->> 'size')
        ELSE format('%s, %s brackets', pricing ->> 'model', jsonb_array_length(pricing -> 'tiers'))
    END
$$;

-- What these months cost as they were agreed, and would have cost under each commitment that the contract names; no row
-- where it names none, or where no month can be compared.
--   of_month: the first day of the calendar month; now_at: the present.
-- Columns: place: 0: as agreed; name; unit_limit (null: none), fee, pricing: of the commitment, as agreed those of
-- of_month; months: how many are compared; months_over: of these over the limit; charge: for the overage of all of
-- them.
CREATE FUNCTION headroom.compared_levels(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    place smallint,
    name text,
    unit_limit bigint,
    fee numeric,
    pricing text,
    months bigint,
    months_over bigint,
    charge numeric,
    fees numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 3
AS $$
#variable_conflict use_column
DECLARE
    agreed CONSTANT headroom.term := headroom.stated_term(of_contract, of_month);
BEGIN
    IF NOT EXISTS (SELECT FROM headroom.contract_alternative AS a WHERE a.contract_id = of_contract) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH compared AS MATERIALIZED (
        SELECT m.* FROM headroom.compared_months(of_contract, of_month, now_at) AS m
    ),
    own AS (
        SELECT
            count(*) AS months,
            count(*) FILTER (WHERE c.unique_handles > c.unit_limit) AS months_over,
            sum(c.charge) AS charge,
            sum(c.fee) AS fees
        FROM compared AS c
    )
    SELECT
        0::smallint, 'as agreed', agreed.unit_limit, coalesce(agreed.fee, 0),
        headroom.pricing_words(headroom.pricing_document(agreed.term_id)::jsonb), o.months, o.months_over, o.charge,
        o.fees
    FROM own AS o
    WHERE o.months > 0
    UNION ALL
    SELECT
        a.place, a.name, a.unit_limit, coalesce(a.fee, 0), headroom.pricing_words(a.pricing::jsonb), o.months,
        used.months_over, used.charge, coalesce(a.fee, 0) * o.months
    FROM headroom.contract_alternative AS a
    JOIN own AS o ON o.months > 0
    -- A commitment is a limit, a fee and a price: the rest of the terms is not agreed for it.
    CROSS JOIN LATERAL jsonb_populate_record(
        agreed,
        jsonb_build_object(
            'pricing', a.pricing ->> 'model', 'package_size', a.pricing ->> 'size', 'minimum', NULL, 'cap', NULL,
            'tolerance_units', 0, 'tolerance_cliff', false)) AS level
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT greatest(c.unique_handles - coalesce(a.unit_limit, c.unique_handles), 0)) AS overages
        FROM compared AS c
    ) AS over
    CROSS JOIN LATERAL (
        SELECT
            count(*) FILTER (WHERE c.unique_handles > a.unit_limit) AS months_over,
            coalesce(sum(l.charge), 0) AS charge
        FROM compared AS c
        LEFT JOIN (
            SELECT b.overage, sum(b.amount) AS charge
            FROM headroom.bracket_charge_lines(
                level, headroom.document_tiers(a.pricing::jsonb), over.overages) AS b
            GROUP BY b.overage
        ) AS l ON l.overage = c.unique_handles - a.unit_limit
    ) AS used
    WHERE a.contract_id = of_contract
    ORDER BY 1;
END
$$;
