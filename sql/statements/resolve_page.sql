-- SPDX-License-Identifier: MIT
-- The next subjects that a look-up could complete: user ids, then handles, each in bytewise order.
-- $1 contract_id bigint[] (null: all contracts); $2 month date[], one for each of them (a null in it: all months);
-- $3 the last subject of the page before, or ''; $4 how many at most bigint.
-- Column: subject.
SELECT DISTINCT subject
FROM headroom.unidentified AS unidentified
WHERE subject > $3::text COLLATE "C"
    AND ($1::bigint[] IS NULL
        OR EXISTS (
            SELECT
            FROM unnest($1::bigint[], $2::date[]) AS chosen (contract_id, month)
            WHERE chosen.contract_id = unidentified.contract_id
                AND coalesce(chosen.month, unidentified.month) = unidentified.month))
ORDER BY subject
LIMIT $4::bigint;
