-- SPDX-License-Identifier: MIT
-- All contracts with the terms in force for the billing month of now.
-- Columns: name, unit_limit, pricing, unit_price (of a flat price), package_size, currency, billing_day, time_zone,
-- counting, valid_from (of the first terms), terms (how many), ends_on.
SELECT
    contract.name, term.unit_limit, term.pricing, flat.unit_price, term.package_size, term.currency, term.billing_day,
    term.time_zone, term.counting, history.valid_from, history.terms, contract.ends_on
FROM headroom.contract AS contract
CROSS JOIN LATERAL (
    SELECT min(all_terms.valid_from) AS valid_from, count(*) AS terms
    FROM headroom.term_in_force AS all_terms
    WHERE all_terms.contract_id = contract.contract_id
) AS history
CROSS JOIN LATERAL headroom.period(
    contract.contract_id, headroom.current_month(contract.contract_id, now())) AS period
JOIN headroom.term AS term ON term.term_id = period.term_id
LEFT JOIN headroom.term_tier AS flat
    ON flat.term_id = term.term_id AND flat.tier = 1 AND term.pricing IN ('flat', 'package')
ORDER BY contract.name;
