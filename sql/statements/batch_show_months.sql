-- SPDX-License-Identifier: MIT
-- The months of which a batch added events. $1 batch_id bigint.
-- Columns: contract, month ('2026-10'; null: under no terms), requests.
SELECT contract.name AS contract, to_char(daily.month, 'YYYY-MM') AS month, sum(daily.requests)::bigint AS requests
FROM (SELECT DISTINCT source.contract_id FROM headroom.batch_source AS source WHERE source.batch_id = $1::bigint) AS its
JOIN headroom.contract AS contract USING (contract_id)
JOIN headroom.daily AS daily ON daily.contract_id = its.contract_id AND daily.batch_id = $1::bigint
GROUP BY contract.name, daily.month
ORDER BY contract.name, daily.month;
