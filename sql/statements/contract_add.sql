-- SPDX-License-Identifier: MIT
-- Adds a contract with its first terms and a flat price.
-- $1 name; $2 unit_limit bigint (null: none); $3 unit_price numeric; $4 currency; $5 billing_day integer; $6 time_zone;
-- $7 valid_from date; $8 counting; $9 by_whom. Column: contract_id.
SELECT headroom.contract_add(
    name => $1::text, unit_limit => $2::bigint, unit_price => $3::numeric, currency => $4::text,
    billing_day => $5::integer, time_zone => $6::text, valid_from => $7::date, counting => $8::text, at => now(),
    by_whom => $9::text) AS contract_id;
