-- SPDX-License-Identifier: MIT
-- Keeps the months that a forecast of a month may rest on, see history_months, where the session may write.
-- $1 contract_id bigint; $2 month date; $3 how many. Column: done.
SELECT headroom.keep_history(
    $1::bigint, least($2::date, headroom.current_month($1::bigint, now())), $3::bigint) IS NULL AS done;
