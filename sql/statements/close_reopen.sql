-- SPDX-License-Identifier: MIT
-- Opens a closed month again. Last in its transaction: it holds the chain's head until the commit.
-- $1 contract_id bigint; $2 month date; $3 reason; $4 reopened_by. Column: chain_head (hex; null: it is not closed).
SELECT encode(headroom.reopen_month($1::bigint, $2::date, $3::text, clock_timestamp(), $4::text), 'hex') AS chain_head;
