-- SPDX-License-Identifier: MIT
-- How many subjects a look-up could complete.
-- $1 contract_id bigint[] (null: all contracts); $2 month date[], one for each of them (a null in it: all months).
-- Columns: handles, user_ids.
SELECT
    count(DISTINCT subject) FILTER (WHERE subject >= '@') AS handles,
    count(DISTINCT subject) FILTER (WHERE subject < '@') AS user_ids
FROM headroom.unidentified AS unidentified
WHERE $1::bigint[] IS NULL
    OR EXISTS (
        SELECT
        FROM unnest($1::bigint[], $2::date[]) AS chosen (contract_id, month)
        WHERE chosen.contract_id = unidentified.contract_id
            AND coalesce(chosen.month, unidentified.month) = unidentified.month);
