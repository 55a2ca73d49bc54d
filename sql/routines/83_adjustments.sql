-- SPDX-License-Identifier: MIT
-- Adjustments: what a closed month would be today, less what was sealed, less what later closes carried of that.

-- Whether something after a seal can have changed what its month would be today. Says yes too often rather than too
-- seldom; says no without counting.
--   Every later close of the contract carried all that there was by then, so only what came after the last one is asked
--   for. A reopening takes back what the reopened month carried.
CREATE FUNCTION headroom.seal_was_touched(of_seal bigint)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed headroom.seal;
    since bigint NOT NULL := 0;
    span record;
BEGIN
    SELECT s.*
    INTO STRICT sealed
    FROM headroom.seal AS s
    WHERE s.seal_id = of_seal;
    SELECT coalesce(max(s.chain_seq), sealed.chain_seq)
    INTO since
    FROM headroom.seal_in_force AS s
    WHERE s.contract_id = sealed.contract_id
        AND s.month > sealed.month
        AND s.seal_id > sealed.seal_id;
    SELECT
        least(sealed.period_start, min(p.starts_at)) AS starts_at,
        greatest(sealed.period_end, max(p.ends_at)) AS ends_at
    INTO span
    FROM headroom.period(sealed.contract_id, sealed.month) AS p;
    RETURN headroom.touched_since(
            sealed.contract_id, since, ARRAY[sealed.month], span.starts_at, span.ends_at)
        OR EXISTS (
            SELECT
            FROM headroom.chain AS l
            JOIN headroom.seal AS s ON s.seal_id = l.subject_id
            WHERE l.seq > since
                AND l.kind = 'reopen'
                AND s.contract_id = sealed.contract_id);
END
$$;

-- What closes in force carried of how a closed month differs from its seal. One row.
CREATE FUNCTION headroom.carried_of(of_seal bigint, OUT handles bigint, OUT amount numeric)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    SELECT coalesce(sum(a.unique_handles), 0), coalesce(sum(a.amount), 0)
    INTO handles, amount
    FROM headroom.adjustment AS a
    JOIN headroom.seal_in_force AS c ON c.seal_id = a.carried_by
    WHERE a.seal_id = of_seal;
END
$$;

-- What the closed months of a contract before a month differ by today, and no close has carried yet: for the next close
-- to carry. Months that do not differ are left out.
--   before_month: the first day of the calendar month.
-- Columns: seal_id, month: of the closed month; unique_handles: the difference; amount: that of the charge.
CREATE FUNCTION headroom.derived_adjustments(of_contract bigint, before_month date)
RETURNS TABLE (seal_id bigint, month date, unique_handles bigint, amount numeric, currency text)
LANGUAGE plpgsql STABLE STRICT ROWS 5
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.seal_id, s.month, d.unique_handles, d.amount, s.currency
    FROM headroom.seal_in_force AS s
    CROSS JOIN LATERAL headroom.counts_today(of_contract, s.month) AS today
    CROSS JOIN LATERAL headroom.carried_of(s.seal_id) AS carried
    CROSS JOIN LATERAL (
        SELECT
            today.unique_handles - s.unique_handles - carried.handles AS unique_handles,
            today.charge - s.charge - carried.amount AS amount
    ) AS d
    WHERE s.contract_id = of_contract
        AND s.month < before_month
        AND headroom.seal_was_touched(s.seal_id)
        AND (d.unique_handles <> 0 OR d.amount <> 0)
    ORDER BY s.month;
END
$$;

-- A month's unique handles and what they cost as they are counted today, closed or not. One row; zeros where the month
-- has no period any more.
CREATE FUNCTION headroom.counts_today(
    of_contract bigint, of_month date, OUT unique_handles bigint, OUT charge numeric)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    unique_handles := coalesce(headroom.month_unique_handles(of_contract, of_month), 0);
    charge := headroom.month_charge(of_contract, of_month, unique_handles);
END
$$;

-- The adjustments of a month's statement: of a closed month those that it carries, else those that the next close of
-- the contract would carry with it.
--   of_month: the first day of the calendar month.
-- Columns: month: the closed month that differs; unique_handles, amount: by how much.
CREATE FUNCTION headroom.adjustments(of_contract bigint, of_month date)
RETURNS TABLE (month date, unique_handles bigint, amount numeric, currency text)
LANGUAGE plpgsql STABLE STRICT ROWS 5
AS $$
#variable_conflict use_column
DECLARE
    carrier CONSTANT bigint := (headroom.seal_of(of_contract, of_month)).seal_id;
BEGIN
    IF carrier IS NULL THEN
        RETURN QUERY
        SELECT d.month, d.unique_handles, d.amount, d.currency
        FROM headroom.derived_adjustments(of_contract, of_month) AS d;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT s.month, a.unique_handles, a.amount, a.currency
    FROM headroom.adjustment AS a
    JOIN headroom.seal AS s USING (seal_id)
    WHERE a.carried_by = carrier
    ORDER BY s.month;
END
$$;
