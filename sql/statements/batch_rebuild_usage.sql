-- SPDX-License-Identifier: MIT
-- Makes a month's usage again from the events of batches that are not voided. $1 contract_id bigint; $2 month date.
-- Column: done.
SELECT headroom.rebuild_usage($1::bigint, $2::date) IS NULL AS done;
