-- SPDX-License-Identifier: MIT
-- Takes down an invoice or a credit of the vendor.
-- $1 contract_id bigint; $2 month date; $3 number; $4 kind; $5 date; $6 handles; $7 amount; $8 currency (texts as they
-- were written); $9 document (null: none); $10 its SHA-256 in hex; $11 by_whom. Column: invoice_id.
SELECT headroom.invoice_add(
    of_contract => $1::bigint, of_month => $2::date, number => $3::text, kind => $4::text, invoice_date => $5::text,
    handles => $6::text, amount => $7::text, currency => $8::text, document => $9::text,
    document_sha256 => decode($10::text, 'hex'), at => clock_timestamp(), by_whom => $11::text) AS invoice_id;
