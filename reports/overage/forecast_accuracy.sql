-- SPDX-License-Identifier: MIT
-- How good the forecast was on the contract's past months, by the day of the month on which it was made, beside simpler
-- ways. All but day and months are shares.
-- $4 forecast jsonb.
-- Columns: see forecast.json.
SELECT
    score.day, score.months, score.error, score.bias, score.coverage80, score.coverage95, score.run_rate_error,
    score.last_month_error, score.no_history_error
FROM jsonb_to_recordset($4::jsonb -> 'backtest') AS score (
    day bigint, months bigint, error numeric, bias numeric, coverage80 numeric, coverage95 numeric,
    run_rate_error numeric, last_month_error numeric, no_history_error numeric)
ORDER BY score.day;
