-- SPDX-License-Identifier: MIT
-- Takes down what was decided of an invoice.
-- $1 contract_id bigint (null: the number alone says which); $2 number; $3 status; $4 note; $5 by_whom. Column:
-- decision_id.
SELECT headroom.invoice_decide(
    of_contract => $1::bigint, of_number => $2::text, status => $3::text, note => $4::text, at => clock_timestamp(),
    by_whom => $5::text) AS decision_id;
