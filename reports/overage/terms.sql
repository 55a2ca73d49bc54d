-- SPDX-License-Identifier: MIT
-- The contract's terms that the month is priced by, of a closed month those that it was sealed under. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see inputs.json.
SELECT
    coalesce(seal.version, (
        SELECT max(v.version) FROM headroom.contract_version AS v WHERE v.contract_id = $1::bigint)) AS version,
    term.valid_from,
    contract.ends_on,
    contract.notes,
    contract.dispute_days,
    term.billing_day,
    CASE term.proration
        WHEN 'daily' THEN 'by days, where the contract''s start or end cuts the month'
        ELSE 'none'
    END AS proration,
    CASE WHEN seal.seal_id IS NULL THEN headroom.unit_limit($1::bigint, $2::date) ELSE seal.unit_limit END
        AS unit_limit,
    0 AS growth,
    term.pricing,
    term.package_size,
    term.tolerance_units,
    CASE WHEN term.tolerance_cliff THEN 'the whole overage' ELSE 'only the excess' END AS tolerance_cliff,
    headroom.money(term.minimum, term.currency) AS minimum,
    headroom.money(term.cap, term.currency) AS cap,
    headroom.money(term.fee, term.currency) AS fee,
    headroom.minor_digits(term.currency) AS minor_digits,
    (10 ^ headroom.minor_digits(term.currency))::bigint AS minor_units
FROM headroom.contract AS contract
CROSS JOIN LATERAL headroom.stated_term($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.seal_of($1::bigint, $2::date) AS seal
WHERE contract.contract_id = $1::bigint;
