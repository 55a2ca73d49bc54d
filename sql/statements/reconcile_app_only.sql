-- SPDX-License-Identifier: MIT
-- The month's requests that name no owner, and how many more handles they may stand for at most.
-- $1 contract_id bigint; $2 month date. Columns: requests, at_most bigint.
SELECT requests, at_most
FROM headroom.stated_app_only($1::bigint, $2::date);
