-- SPDX-License-Identifier: MIT
-- Writes down the owners that a month counts, for a seal that is to come.
-- $1 contract_id bigint; $2 month date. Column: seal_id bigint.
SELECT headroom.add_seal_owners($1::bigint, $2::date) AS seal_id;
