-- SPDX-License-Identifier: MIT
-- The billing months of a contract, or of all in the order of their names.
-- $1 contract_id bigint, null: all; $2, $3 first and last month (dates), each null: see headroom.listed_months.
-- Columns: those of headroom.periods, times as microseconds since the epoch, and contract, cut ('start', 'end', 'start
-- and end') and remark: what is special about the month, for a person.
SELECT
    contract.name AS contract,
    to_char(period.month, 'YYYY-MM') AS month,
    headroom.epoch_us(period.starts_at) AS period_start,
    headroom.epoch_us(period.ends_at) AS period_end,
    period.first_day, period.last_day, period.days, period.time_zone, period.billing_day,
    period.unit_limit AS "limit", period.state, period.grade AS completeness, period.words, cut.at AS cut,
    period.changed, period.ignored, period.reason AS ignored_reason,
    headroom.epoch_us(period.noted_at) AS ignored_at,
    period.noted_by AS ignored_by,
    concat_ws(
        '; ', 'cut at its ' || cut.at, period.changed || ' by a change of billing day or zone',
        'ignored: ' || period.reason) AS remark
FROM headroom.contract AS contract
CROSS JOIN LATERAL headroom.periods(contract.contract_id, $2::date, $3::date, now()) AS period
CROSS JOIN LATERAL (
    SELECT nullif(
        concat_ws(
            ' and ', CASE WHEN period.cut_at_start THEN 'start' END, CASE WHEN period.cut_at_end THEN 'end' END),
        '') AS at
) AS cut
WHERE $1::bigint IS NULL OR contract.contract_id = $1::bigint
ORDER BY contract.name, period.month;
