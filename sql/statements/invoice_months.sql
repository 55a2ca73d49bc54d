-- SPDX-License-Identifier: MIT
-- The billing months that have a document or a list of the vendor.
-- $1 contract_id bigint (null: all). Columns: contract_id, contract, month (date).
SELECT m.contract_id, c.name AS contract, m.month
FROM (
    SELECT i.contract_id, i.month FROM headroom.invoice AS i
    UNION
    SELECT l.contract_id, l.month FROM headroom.invoice_list AS l
) AS m
JOIN headroom.contract AS c USING (contract_id)
WHERE $1::bigint IS NULL OR m.contract_id = $1::bigint
ORDER BY c.name, m.month;
