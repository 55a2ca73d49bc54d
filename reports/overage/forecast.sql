-- SPDX-License-Identifier: MIT
-- The forecast of the billing month in one row. Of a month that is over all that would be forecast is null; then there
-- is what was said nearest to its middle, where that was recorded. Intervals are rounded outward.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz; $4 forecast jsonb.
-- Columns: see forecast.json.
WITH reach AS MATERIALIZED (
    SELECT r.* FROM headroom.stated_reach($1::bigint, $2::date, $3::timestamptz) AS r
),
said AS MATERIALIZED (
    SELECT document.*, document.p50 IS NOT NULL AND NOT document.is_over AS is_open
    FROM jsonb_to_record($4::jsonb) AS document (
        as_of timestamptz, unique_handles bigint, mean double precision, p10 double precision, p50 double precision,
        p90 double precision, "limit" bigint, probability_over_limit double precision, crossing_date date,
        passed_date date, known_handles bigint, overage jsonb, charge jsonb, currency text, history_months bigint,
        left_out_count bigint, default_curve boolean, length_words text, behind_words text,
        accuracy_words text, elapsed_days double precision, days bigint,
        is_over boolean, model jsonb, backtest_months bigint, backtest_first text, backtest_last text)
),
rests AS MATERIALIZED (
    SELECT min(past.month) AS first, max(past.month) AS last
    FROM jsonb_to_recordset($4::jsonb -> 'history') AS past (month text, left_out text)
    WHERE past.left_out IS NULL
),
middle AS MATERIALIZED (
    SELECT mid.*, status.unique_handles
    FROM reach
    CROSS JOIN headroom.forecast_at_mid_month($1::bigint, $2::date) AS mid
    CROSS JOIN LATERAL headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
    WHERE reach.state <> 'open'
)
SELECT
    CASE WHEN said.is_open THEN 'yes' END AS goes_on,
    CASE WHEN said.is_over THEN 'yes' END AS is_over,
    CASE
        WHEN said.p50 IS NULL
            THEN 'Nothing of this month has been delivered, and there is no month before it to go by: there is no '
                'forecast.'
        WHEN said.is_over AND reach.state = 'closed'
            THEN 'The month is closed: what it used is a count that was sealed, and there is nothing left to forecast.'
        WHEN said.is_over
            THEN 'The month is over: what it used is a count, and there is nothing left to forecast.'
        WHEN reach.state = 'open'
            THEN 'Where this month will end, as of the data that are there. No day behind them is taken for one '
                || 'without new handles.'
        ELSE 'The month is over, but its last days were not delivered: this is where it most likely ended.'
    END AS verdict,
    CASE WHEN said.is_open THEN said.as_of END AS as_of,
    CASE WHEN said.is_open THEN
        format(
            '%s of %s days',
            CASE
                WHEN said.elapsed_days > 0 AND said.elapsed_days < 0.1 THEN 'Less than 0.1'
                ELSE trim_scale(trunc(said.elapsed_days::numeric, 1))::text
            END,
            said.days)
    END AS elapsed,
    CASE WHEN said.is_open THEN said.unique_handles END AS used,
    CASE WHEN said.is_open AND said.known_handles > said.unique_handles THEN said.known_handles END AS known,
    CASE WHEN said.is_open THEN round(said.p50)::bigint END AS p50,
    CASE WHEN said.is_open THEN floor(said.p10)::bigint END AS p10,
    CASE WHEN said.is_open THEN ceil(said.p90)::bigint END AS p90,
    CASE WHEN said.is_open THEN round(said.mean::numeric, 1) END AS mean,
    CASE WHEN said.is_open THEN said.probability_over_limit END AS probability,
    CASE WHEN said.is_open THEN said.crossing_date END AS crossing_date,
    CASE WHEN said.is_open THEN said.passed_date END AS passed_date,
    CASE WHEN said.is_open AND said."limit" IS NOT NULL THEN round((said.overage ->> 'mean')::numeric, 1) END
        AS overage_mean,
    CASE WHEN said.is_open AND said."limit" IS NOT NULL THEN
        format('Four times out of five %s to %s.', said.overage ->> 'p10', said.overage ->> 'p90')
    END AS overage_range,
    CASE WHEN said.is_open AND said."limit" IS NOT NULL THEN said.charge ->> 'mean' END AS charge_mean,
    CASE WHEN said.is_open AND said."limit" IS NOT NULL THEN said.charge ->> 'p10' END AS charge_p10,
    CASE WHEN said.is_open AND said."limit" IS NOT NULL THEN said.charge ->> 'p90' END AS charge_p90,
    said.currency,
    CASE WHEN said.is_open THEN (said.model ->> 'weight')::numeric END AS weight,
    CASE
        WHEN NOT said.is_open THEN NULL
        WHEN said.default_curve
            THEN 'a default curve, not this contract''s own months, since none before it can be used.'
        WHEN said.history_months = 1 THEN format('1 month of this contract, %s.', rests.last)
        ELSE format('%s months of this contract, %s to %s.', said.history_months, rests.first, rests.last)
    END || CASE said.left_out_count
        WHEN 0 THEN ''
        WHEN 1 THEN ' 1 month is left out.'
        ELSE format(' %s months are left out.', said.left_out_count)
    END AS basis,
    NULLIF(concat_ws(' ', said.length_words, said.behind_words), '') AS hint,
    CASE
        WHEN NOT said.is_open THEN NULL
        ELSE coalesce(
            said.accuracy_words, 'How good it is on this contract cannot be said yet: too few months can be forecast.')
    END AS accuracy,
    CASE
        WHEN said.backtest_months > 0
            THEN format(
                '%s months, %s to %s, each forecast again at the end of a day from the months before it alone. Error: '
                'how far off on average, of the true count; bias: the same with its sign, above 0 too high.',
                said.backtest_months, said.backtest_first, said.backtest_last)
        ELSE 'It takes two months that were recorded all through.'
    END AS backtest,
    middle.said_on,
    round(middle.p50)::bigint AS said_p50,
    CASE WHEN middle.said_on IS NOT NULL THEN
        format('Four times out of five %s to %s.', floor(middle.p10)::bigint, ceil(middle.p90)::bigint)
    END AS said_range,
    middle.unique_handles AS ended_at,
    CASE WHEN middle.unique_handles > 0 THEN
        (round(middle.p50)::bigint - middle.unique_handles)::numeric / middle.unique_handles
    END AS said_error
FROM reach
CROSS JOIN said
CROSS JOIN rests
LEFT JOIN middle ON true;
