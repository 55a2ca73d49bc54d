-- SPDX-License-Identifier: MIT
-- The month's requests that are not counted, by reason, the most frequent first.
-- $1 contract_id bigint; $2 month date. Columns: reason, requests bigint.
SELECT reason, requests
FROM headroom.stated_not_counted($1::bigint, $2::date)
ORDER BY requests DESC, reason COLLATE "C";
