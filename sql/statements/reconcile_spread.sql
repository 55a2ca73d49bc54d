-- SPDX-License-Identifier: MIT
-- The month's unique handles under each of the six counting rules.
-- $1 contract_id bigint; $2 month date. Columns: name (the rule), count bigint.
SELECT rule AS name, unique_handles AS count
FROM headroom.spread($1::bigint, $2::date)
ORDER BY array_position(
    ARRAY['attempted', 'attempted+app', 'answered', 'answered+app', 'delivered', 'delivered+app'], rule);
