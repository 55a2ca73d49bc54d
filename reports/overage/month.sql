-- SPDX-License-Identifier: MIT
-- The billing month as a whole, in one row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see layout.json.
SELECT
    status.contract,
    status.month,
    status.period_start,
    status.period_end,
    status.time_zone,
    CASE status.state
        WHEN 'closed' THEN 'CLOSED: the figures are sealed, and do not change'
        WHEN 'open' THEN 'PROVISIONAL: the month still runs, and its figures will change'
        ELSE 'PROVISIONAL: the month is over but not closed, and its figures can still change'
    END AS state,
    CASE status.state WHEN 'closed' THEN 'closed' ELSE 'open' END AS file_state,
    status.rule,
    CASE split_part(status.rule, '+', 1)
        WHEN 'attempted' THEN 'every request but those refused with 401 or 429'
        WHEN 'answered' THEN 'requests answered with success'
        WHEN 'delivered' THEN 'requests answered with success, with at least one Tweet delivered'
    END || CASE WHEN status.rule LIKE '%+app' THEN ', those of the app alone included' ELSE '' END AS rule_words,
    status.unique_handles,
    status.provisional,
    status.unit_limit,
    CASE WHEN status.unit_limit > 0 THEN status.unique_handles::double precision / status.unit_limit END AS used_share,
    status.headroom,
    status.overage,
    CASE
        WHEN status.unit_limit IS NULL THEN 'no limit'
        WHEN status.overage > 0 THEN 'over the limit'
        WHEN status.headroom = 0 THEN 'at the limit'
        ELSE 'within the limit'
    END AS verdict,
    term.tolerance_units,
    CASE WHEN term.tolerance_cliff THEN 'the whole overage' ELSE 'only the excess' END AS tolerance_cliff,
    headroom.charged_units(status.overage, term.tolerance_units, term.tolerance_cliff) AS units_charged,
    term.pricing,
    CASE term.pricing
        WHEN 'flat' THEN 'one price for each unit'
        WHEN 'graduated' THEN 'each unit at the price of the bracket that it falls into'
        WHEN 'volume' THEN 'all units at the price of the bracket that they reach together'
        WHEN 'package' THEN 'in whole blocks'
    END AS pricing_words,
    term.package_size,
    status.charge,
    status.currency,
    currency.minor_digits,
    status.requests,
    status.counted_requests,
    status.as_of,
    status.data_until,
    status.completeness_words AS grade,
    CASE
        WHEN status.data_until IS NULL THEN 'No source has delivered for this month or the one before it.'
        WHEN status.completeness = 'complete' THEN 'Every source was read without a break.'
        WHEN status.completeness = 'gaps' THEN
            format('The counts of these days may be too low: %s. Sheet About names the source.',
                headroom.days_text(status.low_days))
        WHEN status.completeness = 'began' THEN
            'The first requests of all are of this day; what was used before it is not known here.'
        ELSE 'The data came as files, which do not say whether there should have been more. No gap was found in them.'
    END || coalesce(' Note: ' || status.silent || '.', '') AS grade_words,
    $3::timestamptz AS made_at,
    CASE
        WHEN status.data_until IS NULL THEN 'No source has delivered yet.'
        WHEN status.as_of < status.period_end
            THEN format(
                'All sources have delivered up to %s; later days may lack requests, and empty ones have none yet.',
                date_trunc('second', status.as_of AT TIME ZONE status.time_zone))
        ELSE 'All sources have delivered beyond the last day.'
    END AS coverage
FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
CROSS JOIN headroom.stated_term($1::bigint, $2::date) AS term
JOIN headroom.currency AS currency ON currency.code = status.currency;
