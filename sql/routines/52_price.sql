-- SPDX-License-Identifier: MIT
-- What so many handles would cost.

-- The price of an overage, of a number of unique handles, or of the next handle of a month. One row.
--   of_month: the first day of the calendar month whose terms hold; of of_units (of overage) and of_handles (unique
--   ones in all) one is given; neither: one handle more than the month has now; now_at: the present.
-- Columns: unit_limit: null without one; handles: null where units were given; units: of overage; charged: how many of
-- them are; charge: of all; marginal: what the last of the units adds to it, 0 without units, negative where it reaches
-- a cheaper bracket; fee: what the terms ask for a month beside the charge, null where nothing. Money is exact text.
CREATE FUNCTION headroom.price(
    of_contract bigint, of_month date, of_units bigint, of_handles bigint, now_at timestamptz)
RETURNS TABLE (
    unit_limit bigint,
    handles bigint,
    units bigint,
    charged bigint,
    charge text,
    marginal text,
    fee text,
    currency text)
LANGUAGE plpgsql STABLE ROWS 1
AS $$
DECLARE
    term CONSTANT headroom.term := headroom.term_of(of_contract, of_month);
    amount numeric;
    amount_before numeric;
BEGIN
    unit_limit := headroom.unit_limit(of_contract, of_month);
    handles := of_handles;
    IF of_units IS NULL AND of_handles IS NULL THEN
        SELECT s.unique_handles + 1
        INTO handles
        FROM headroom.month_status(of_contract, of_month, now_at) AS s;
    END IF;
    units := coalesce(of_units, greatest(handles - unit_limit, 0), 0);
    charged := headroom.charged_units(units, term.tolerance_units, term.tolerance_cliff);
    amount := headroom.charge(of_contract, of_month, units);
    amount_before := headroom.charge(of_contract, of_month, greatest(units - 1, 0));
    currency := term.currency;
    charge := headroom.money(amount, currency);
    marginal := headroom.money(amount - amount_before, currency);
    fee := headroom.money(term.fee, currency);
    RETURN NEXT;
END
$$;
