-- SPDX-License-Identifier: MIT
-- The requests of a month that are not counted, by reason: with those that are, they are all of its requests.

-- Reads the requests by day, never the usage, so that the two can be held against each other. No row where all count,
-- and none for a month without a period. Of a voided batch every request has the reason 'voided', whatever else it is.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.month_not_counted(of_contract bigint, of_month date)
RETURNS TABLE (reason text, requests bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 5
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT why.reason, sum(d.requests)::bigint
    FROM headroom.period(of_contract, of_month) AS p
    JOIN headroom.term AS t ON t.term_id = p.term_id
    JOIN headroom.daily AS d ON d.contract_id = of_contract AND d.month = of_month
    LEFT JOIN headroom.voided_batch AS v ON v.batch_id = d.batch_id
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN v.batch_id IS NOT NULL THEN 'voided'
            ELSE headroom.not_counted_reason(t.counting, d.via_app, d.ownerless, d.class)
        END AS reason
    ) AS why
    WHERE why.reason IS NOT NULL
    GROUP BY why.reason;
END
$$;
