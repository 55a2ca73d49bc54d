-- SPDX-License-Identifier: MIT
-- The charge line by line, through the tiers of the terms. A unit price keeps all its digits, and has at least those of
-- the currency.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see layout.json.
SELECT
    CASE
        WHEN line.kind <> 'tier' THEN line.kind
        WHEN term.pricing = 'package' THEN 'package'
        WHEN line.to_unit = max(line.to_unit) OVER () THEN 'last tier'
        ELSE 'tier'
    END AS shape,
    line.description,
    line.from_unit,
    line.to_unit,
    line.units,
    CASE
        WHEN scale(trim_scale(line.unit_price)) < currency.minor_digits
            THEN round(line.unit_price, currency.minor_digits)
        ELSE trim_scale(line.unit_price)
    END AS unit_price,
    headroom.money(line.amount, status.currency) AS amount
FROM headroom.month_status($1::bigint, $2::date, $3::timestamptz) AS status
CROSS JOIN headroom.stated_term($1::bigint, $2::date) AS term
JOIN headroom.currency AS currency ON currency.code = status.currency
CROSS JOIN LATERAL headroom.stated_lines($1::bigint, $2::date, status.overage) AS line
ORDER BY line.line;
