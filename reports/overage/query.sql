-- SPDX-License-Identifier: MIT
-- What the report's queries were asked with. One row.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz; $4 forecast jsonb.
-- Columns: see about.json.
SELECT
    format('%s (number %s)', contract.name, contract.contract_id) AS contract,
    $2::date AS month,
    $3::timestamptz AS now_at,
    format('method %s, by data until %s', $4::jsonb ->> 'method', $4::jsonb ->> 'as_of') AS forecast
FROM headroom.contract AS contract
WHERE contract.contract_id = $1::bigint;
