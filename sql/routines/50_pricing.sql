-- SPDX-License-Identifier: MIT
-- What overage costs. Money is numeric from the terms to the text; each line is rounded once, here, half away from zero
-- to the currency's minor unit.

-- The digits of a currency's minor unit (ISO 4217): JPY 0, USD 2, KWD 3.
CREATE FUNCTION headroom.minor_digits(of_currency text)
RETURNS integer
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (SELECT c.minor_digits FROM headroom.currency AS c WHERE c.code = of_currency);
END
$$;

-- An amount as text with exactly the currency's minor digits: "0.00", "0" for JPY, "0.000" for KWD.
CREATE FUNCTION headroom.money(amount numeric, currency text)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN round(amount, headroom.minor_digits(currency))::text;
END
$$;

-- The limit of a month; null where the contract has none. With daily proration a period that the contract's start or
-- end cuts has its share by covered days, rounded half up.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.unit_limit(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
    days record;
BEGIN
    IF term.proration = 'none' OR NOT EXISTS (
        SELECT
        FROM headroom.period(of_contract, of_month) AS p
        WHERE p.starts_at > p.whole_starts_at
            OR p.ends_at < p.whole_ends_at)
    THEN
        RETURN term.unit_limit;
    END IF;
    days := headroom.period_length(of_contract, of_month);
    RETURN round(term.unit_limit::numeric * days.covered / days.whole);
END
$$;

-- The units of overage that are charged: none up to the tolerance; above it the rest, or with a cliff all of them.
CREATE FUNCTION headroom.charged_units(overage bigint, tolerance bigint, cliff boolean)
RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN CASE WHEN overage <= tolerance THEN 0 WHEN cliff THEN overage ELSE overage - tolerance END;
END
$$;

-- The brackets that some charged units fall into, in order. The last bracket has no end, whatever it says.
--   pricing: with 'volume' only the bracket that the units reach, for all of them; else each for its share.
-- Columns: units in the bracket, from_unit and to_unit (charged units, from 1, inclusive), unit_price, flat_fee.
CREATE FUNCTION headroom.brackets(of_term bigint, pricing headroom.pricing_model, charged bigint)
RETURNS TABLE (tier smallint, units bigint, from_unit bigint, to_unit bigint, unit_price numeric, flat_fee numeric)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH bounded AS (
        SELECT
            t.tier,
            t.unit_price,
            t.flat_fee,
            coalesce(lag(t.up_to) OVER tiers, 0) AS lower,
            CASE WHEN lead(t.tier) OVER tiers IS NULL THEN charged ELSE least(t.up_to, charged) END AS upper
        FROM headroom.term_tier AS t
        WHERE t.term_id = of_term
        WINDOW tiers AS (ORDER BY t.tier)
    ),
    reached AS (
        SELECT b.*
        FROM bounded AS b
        WHERE b.upper > b.lower
            AND (pricing <> 'volume' OR b.upper = charged)
    )
    SELECT
        r.tier,
        CASE WHEN pricing = 'volume' THEN charged ELSE r.upper - r.lower END,
        CASE WHEN pricing = 'volume' THEN 1 ELSE r.lower + 1 END,
        r.upper,
        r.unit_price,
        r.flat_fee
    FROM reached AS r
    ORDER BY r.tier;
END
$$;

-- The charge for an overage under some terms, line by line as an invoice would have it; no line where nothing is
-- charged.
--   overage: units over the limit, 0 or more.
-- Columns: line: from 1; kind: 'tier', 'flat_fee', 'minimum' or 'cap'; units, unit_price: as charged (null for a fee;
-- of a package the price of one block); from_unit, to_unit: which charged units; amount: rounded, what it adds.
CREATE FUNCTION headroom.term_charge_lines(term headroom.term, overage bigint)
RETURNS TABLE (
    line integer,
    kind text,
    description text,
    units bigint,
    unit_price numeric,
    amount numeric,
    from_unit bigint,
    to_unit bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_variable
DECLARE
    digits CONSTANT integer := headroom.minor_digits(term.currency);
    charged CONSTANT bigint := headroom.charged_units(overage, term.tolerance_units, term.tolerance_cliff);
    bracket record;
    blocks bigint;
    total numeric NOT NULL := 0;
BEGIN
    line := 0;
    IF charged <= 0 THEN
        RETURN;
    END IF;
    FOR bracket IN SELECT b.* FROM headroom.brackets(term.term_id, term.pricing, charged) AS b LOOP
        line := line + 1;
        kind := 'tier';
        units := bracket.units;
        unit_price := bracket.unit_price;
        from_unit := bracket.from_unit;
        to_unit := bracket.to_unit;
        blocks := CASE WHEN term.pricing = 'package' THEN (units - 1) / term.package_size + 1 END;
        amount := round(coalesce(blocks, units) * unit_price, digits);
        description := CASE
            WHEN blocks IS NOT NULL THEN format('%s x block of %s handles', blocks, term.package_size)
            ELSE format('handles %s to %s over the limit', from_unit, to_unit)
        END;
        total := total + amount;
        RETURN NEXT;
        IF bracket.flat_fee <> 0 THEN
            line := line + 1;
            kind := 'flat_fee';
            description := format('flat fee of bracket %s', bracket.tier);
            units := NULL;
            unit_price := NULL;
            amount := round(bracket.flat_fee, digits);
            total := total + amount;
            RETURN NEXT;
        END IF;
    END LOOP;

    units := NULL;
    unit_price := NULL;
    from_unit := NULL;
    to_unit := NULL;
    IF total < term.minimum THEN
        line := line + 1;
        kind := 'minimum';
        description := format('up to the minimum of %s', headroom.money(term.minimum, term.currency));
        amount := term.minimum - total;
        total := term.minimum;
        RETURN NEXT;
    END IF;
    IF total > term.cap THEN
        line := line + 1;
        kind := 'cap';
        description := format('down to the cap of %s', headroom.money(term.cap, term.currency));
        amount := term.cap - total;
        RETURN NEXT;
    END IF;
END
$$;

-- The same under the terms of a month. Columns: as term_charge_lines.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.charge_lines(of_contract bigint, of_month date, overage bigint)
RETURNS TABLE (
    line integer,
    kind text,
    description text,
    units bigint,
    unit_price numeric,
    amount numeric,
    from_unit bigint,
    to_unit bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN QUERY SELECT l.* FROM headroom.term_charge_lines(headroom.term_of(of_contract, of_month), overage) AS l;
END
$$;

-- What an overage costs under some terms: the sum of term_charge_lines.
CREATE FUNCTION headroom.term_charge(term headroom.term, overage bigint)
RETURNS numeric
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (SELECT coalesce(sum(l.amount), 0) FROM headroom.term_charge_lines(term, overage) AS l);
END
$$;

-- The same under the terms of a month.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.charge(of_contract bigint, of_month date, overage bigint)
RETURNS numeric
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN headroom.term_charge(headroom.term_of(of_contract, of_month), overage);
END
$$;
