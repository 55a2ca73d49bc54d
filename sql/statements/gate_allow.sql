-- SPDX-License-Identifier: MIT
-- Lets a handle pass the gate in a month, on record: headroom.gate_allow.
-- $1 contract_id bigint; $2 month date; $3 subject ('@handle', a user id's digits, or '~' and a digest); $4 reason;
-- $5 by whom.
SELECT headroom.gate_allow($1::bigint, $2::date, $3::text, $4::text, clock_timestamp(), $5::text);
