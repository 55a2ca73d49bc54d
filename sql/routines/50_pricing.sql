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

-- The price brackets of some terms, in order.
CREATE FUNCTION headroom.term_tiers(of_term bigint)
RETURNS headroom.term_tier[]
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN ARRAY(SELECT t FROM headroom.term_tier AS t WHERE t.term_id = of_term ORDER BY t.tier);
END
$$;

-- The price brackets that the pricing of a contract's document says, in order; of no terms.
CREATE FUNCTION headroom.document_tiers(pricing jsonb)
RETURNS headroom.term_tier[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT
            ROW(
                NULL, r.ordinality, r.tier ->> 'up_to', r.tier ->> 'unit_price', r.tier ->> 'flat_fee'
            )::headroom.term_tier
        FROM jsonb_array_elements(coalesce(
            pricing -> 'tiers',
            jsonb_build_array(jsonb_build_object('unit_price', coalesce(pricing ->> 'unit_price', pricing ->> 'price')))
        )) WITH ORDINALITY AS r (tier, ordinality)
        ORDER BY r.ordinality);
END
$$;

-- The charges for some overages, each line by line as an invoice would have it; no line where nothing is charged. Of
-- the brackets, of which the last has no end whatever it says, each takes its share of the charged units; with the
-- pricing 'volume' the one that they reach takes all.
--   term: the terms, all but their brackets; brackets: of the terms, or others; overages: units over the limit, 0 or
--   more, all different.
-- Columns: overage: which one; line: from 1; kind: 'tier', 'flat_fee', 'minimum' or 'cap'; units, unit_price: as
-- charged (null for a fee; of a package the price of one block); from_unit, to_unit: which charged units, from 1,
-- inclusive; amount: rounded, what it adds.
CREATE FUNCTION headroom.bracket_charge_lines(
    term headroom.term, brackets headroom.term_tier[], overages bigint[])
RETURNS TABLE (
    overage bigint,
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
    last_tier CONSTANT smallint := brackets[cardinality(brackets)].tier;
    bracket headroom.term_tier;
    charged bigint;
    lower bigint;
    upper bigint;
    blocks bigint;
    total numeric NOT NULL := 0;
BEGIN
    FOREACH overage IN ARRAY overages LOOP
        charged := headroom.charged_units(overage, term.tolerance_units, term.tolerance_cliff);
        CONTINUE WHEN charged <= 0;
        line := 0;
        total := 0;
        upper := 0;
        FOREACH bracket IN ARRAY brackets LOOP
            lower := upper;
            upper := CASE WHEN bracket.tier = last_tier THEN charged ELSE least(bracket.up_to, charged) END;
            CONTINUE WHEN upper <= lower OR (term.pricing = 'volume' AND upper < charged);
            line := line + 1;
            kind := 'tier';
            from_unit := CASE WHEN term.pricing = 'volume' THEN 1 ELSE lower + 1 END;
            to_unit := upper;
            units := to_unit - from_unit + 1;
            unit_price := bracket.unit_price;
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
    END LOOP;
END
$$;

-- The same by the brackets of the terms. Columns: as bracket_charge_lines.
-- What the terms say is looked up once: a forecast asks for hundreds of overages.
CREATE FUNCTION headroom.term_charge_lines(term headroom.term, overages bigint[])
RETURNS TABLE (
    overage bigint,
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
    RETURN QUERY
    SELECT l.* FROM headroom.bracket_charge_lines(term, headroom.term_tiers(term.term_id), overages) AS l;
END
$$;

-- The same for one overage under the terms of a month. Columns: as bracket_charge_lines.
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
    RETURN QUERY
    SELECT l.line, l.kind, l.description, l.units, l.unit_price, l.amount, l.from_unit, l.to_unit
    FROM headroom.term_charge_lines(headroom.term_of(of_contract, of_month), ARRAY[overage]) AS l;
END
$$;

-- What some overages cost under some terms: the sums of term_charge_lines.
--   overages: all different. One row each.
CREATE FUNCTION headroom.term_charges(term headroom.term, overages bigint[])
RETURNS TABLE (overage bigint, charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT o.overage, coalesce(sum(l.amount), 0)
    FROM unnest(overages) AS o (overage)
    LEFT JOIN headroom.term_charge_lines(term, overages) AS l ON l.overage = o.overage
    GROUP BY o.overage;
END
$$;

-- What one costs.
CREATE FUNCTION headroom.term_charge(term headroom.term, overage bigint)
RETURNS numeric
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (SELECT c.charge FROM headroom.term_charges(term, ARRAY[overage]) AS c);
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

-- The brackets of some terms, each with what an overage comes to in it.
--   overage: 0 or more.
-- Columns: tier; from_unit: the first charged unit that falls into it; up_to: the last one, null: without end;
-- unit_price and flat_fee: of the terms; to_unit: the last of the overage's charged units up to its end, 0 where they
-- don't reach it; units: of them at its price; amount, fee: rounded, 0 where none is.
CREATE FUNCTION headroom.term_brackets(term headroom.term, overage bigint)
RETURNS TABLE (
    tier smallint,
    from_unit bigint,
    up_to bigint,
    unit_price numeric,
    flat_fee numeric,
    to_unit bigint,
    units bigint,
    amount numeric,
    fee numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 3
AS $$
#variable_conflict use_column
DECLARE
    charged CONSTANT bigint := headroom.charged_units(overage, term.tolerance_units, term.tolerance_cliff);
BEGIN
    RETURN QUERY
    WITH bracket AS (
        SELECT
            t.*,
            coalesce(lag(t.up_to) OVER in_order, 0) + 1 AS from_unit,
            CASE WHEN lead(t.tier) OVER in_order IS NOT NULL THEN t.up_to END AS ends_with
        FROM headroom.term_tier AS t
        WHERE t.term_id = term.term_id
        WINDOW in_order AS (ORDER BY t.tier)
    ),
    line AS MATERIALIZED (
        SELECT l.* FROM headroom.term_charge_lines(term, ARRAY[overage]) AS l
    )
    SELECT
        b.tier, b.from_unit, b.ends_with, b.unit_price, b.flat_fee,
        CASE WHEN charged >= b.from_unit THEN least(b.ends_with, charged) ELSE 0 END,
        coalesce(l.units, 0), coalesce(l.amount, 0), coalesce(f.amount, 0)
    FROM bracket AS b
    LEFT JOIN line AS l
        ON l.kind = 'tier'
        AND l.to_unit BETWEEN b.from_unit AND coalesce(b.ends_with, l.to_unit)
    LEFT JOIN line AS f
        ON f.kind = 'flat_fee'
        AND f.line = l.line + 1
    ORDER BY b.tier;
END
$$;

-- A price as text: with all its digits, and with at least those of the currency.
CREATE FUNCTION headroom.price_text(price numeric, currency text)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN round(price, greatest(scale(trim_scale(price)), headroom.minor_digits(currency)))::text;
END
$$;
