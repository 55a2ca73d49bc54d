-- SPDX-License-Identifier: MIT
-- What some months of a contract come to as they look now, sealed or not.
-- $1 contract_id bigint; $2 months (date[]).
-- Columns: month ("2026-10"); closed; unit_limit, unique_handles bigint, charge (text, with the currency's digits),
-- currency: null where the month is under no terms. By month.
SELECT
    to_char(months.month, 'YYYY-MM') AS month,
    EXISTS (
        SELECT
        FROM headroom.seal_in_force AS seal
        WHERE seal.contract_id = $1::bigint AND seal.month = months.month) AS closed,
    CASE WHEN term.term_id IS NOT NULL THEN headroom.unit_limit($1::bigint, months.month) END AS unit_limit,
    counts.unique_handles,
    headroom.money(
        headroom.charge(
            $1::bigint, months.month,
            greatest(counts.unique_handles - headroom.unit_limit($1::bigint, months.month), 0)),
        term.currency) AS charge,
    term.currency
FROM unnest($2::date[]) AS months (month)
LEFT JOIN LATERAL headroom.period($1::bigint, months.month) AS period ON true
LEFT JOIN headroom.term AS term ON term.term_id = period.term_id
LEFT JOIN LATERAL headroom.rule_counts($1::bigint, months.month) AS counts ON counts.rule = term.counting
ORDER BY months.month;
