-- SPDX-License-Identifier: MIT
-- Which batches touch a month.

-- What each batch brought by source, of those whose first to last event of the source touch the month; also voided
-- ones, and those all of whose events came from other batches before.
--   of_month: the first day of the calendar month.
-- Columns: as in batch_source.
CREATE FUNCTION headroom.month_batches(of_contract bigint, of_month date)
RETURNS TABLE (batch_id bigint, source text, first_event timestamptz, last_event timestamptz)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.batch_id, s.source, s.first_event, s.last_event
    FROM headroom.period(of_contract, of_month) AS p
    JOIN headroom.batch_source AS s
        ON s.contract_id = of_contract
        AND s.first_event < p.ends_at
        AND s.last_event >= p.starts_at;
END
$$;
