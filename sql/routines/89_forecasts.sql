-- SPDX-License-Identifier: MIT
-- What forecasts said of a month.

-- The forecast that was said nearest to the middle day of a month: of 31 days the 16th, of 30 the 15th; of two that are
-- equally near the earlier. No row where none was said.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.forecast_at_mid_month(of_contract bigint, of_month date)
RETURNS SETOF headroom.forecast_said
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.*
    FROM headroom.forecast_said AS s
    CROSS JOIN (
        SELECT min(d.day) + (count(*)::integer - 1) / 2 AS day
        FROM headroom.period(of_contract, of_month) AS p
        CROSS JOIN headroom.period_days(of_contract, of_month) AS d
        WHERE d.starts_at >= p.starts_at
            AND d.starts_at < p.ends_at
    ) AS middle
    WHERE s.contract_id = of_contract
        AND s.month = of_month
    ORDER BY abs(s.said_on - middle.day), s.said_on
    LIMIT 1;
END
$$;
