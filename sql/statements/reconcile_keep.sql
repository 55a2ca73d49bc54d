-- SPDX-License-Identifier: MIT
-- Keeps what going through all subjects of a month gives, where the session may write.
-- $1 contract_id bigint; $2 month date. Column: done.
SELECT headroom.keep_month($1::bigint, $2::date) IS NULL AS done;
