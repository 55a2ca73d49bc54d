-- SPDX-License-Identifier: MIT
-- The cells and lists that have a name, as far as a reader has use for them.
-- Columns: see about.json.
SELECT name, sheet, meaning
FROM (VALUES
    (1, 'unique_handles', 'Summary', 'the count: one for each row of the list of handles'),
    (2, 'headroom', 'Summary', 'what is left of the limit'),
    (3, 'overage', 'Summary', 'what is above it'),
    (4, 'charge', 'Summary', 'what the overage costs'),
    (5, 'all_requests', 'Summary', 'requests of the month, counted or not'),
    (6, 'unit_limit', 'Inputs', 'the limit'),
    (7, 'tolerance_units, tolerance_cliff', 'Inputs', 'overage that costs nothing, and what is charged above it'),
    (8, 'pricing, package_size', 'Inputs', 'the pricing, and how many handles a block has'),
    (9, 'tiers', 'Inputs', 'the price brackets of the terms, and those of the what-if'),
    (10, 'what_if_limit, what_if_growth', 'Inputs', 'limit and growth of the what-if, to be changed'),
    (11, 'units_charged', 'Charge', 'the overage less the tolerance'),
    (12, 'charge_total', 'Charge', 'the charge, through the brackets, the minimum and the cap'),
    (13, 'marginal_price', 'Charge', 'what one handle more costs'),
    (14, 'what_if_charge', 'Charge', 'the charge of the what-if'),
    (15, 'daily', 'Daily', 'the list of days'),
    (16, 'handles', 'Handles', 'the list of handles; on each sheet that it goes on in, its rows there'),
    (17, 'forecast_p10, forecast_p50, forecast_p90', 'Forecast', 'low end, middle and high end of the forecast'),
    (18, 'forecast_probability', 'Forecast', 'how likely it is that the month ends above the limit'),
    (19, 'expected_charge', 'Forecast', 'the mean of what the month can cost'),
    (20, 'not_counted, uncounted', 'Not counted', 'the reasons; the list of handles that do not count'),
    (21, 'history', 'History', 'the list of months'),
    (22, 'invoice_difference', 'Reconciliation', 'the invoiced amount less the charge'),
    (23, 'master_check', 'Checks', 'the worst of all checks: pass, warn or fail')
) AS known (place, name, sheet, meaning)
ORDER BY place;
