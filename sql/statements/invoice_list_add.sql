-- SPDX-License-Identifier: MIT
-- Takes down a vendor's list whose handles are there already.
-- $1 list_id bigint; $2 contract_id bigint; $3 month date; $4 file; $5 its SHA-256 in hex; $6 by_whom. Column: entries.
SELECT headroom.invoice_list_add(
    of_list => $1::bigint, of_contract => $2::bigint, of_month => $3::date, file => $4::text,
    file_sha256 => decode($5::text, 'hex'), at => clock_timestamp(), by_whom => $6::text) AS entries;
