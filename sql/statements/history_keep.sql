-- SPDX-License-Identifier: MIT
-- Keeps the months that a forecast of a month may rest on, where the session may write.
-- $1 contract_id bigint; $2 month date; $3 how many. Column: done.
SELECT headroom.keep_history($1::bigint, $2::date, $3::bigint) IS NULL AS done;
