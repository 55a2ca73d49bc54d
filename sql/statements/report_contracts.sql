-- SPDX-License-Identifier: MIT
-- Adds to the months of several contracts what their status is, so that it is found once for all datasets.
-- $1 jsonb: an array of {contract_id, month, …}; $2 now timestamptz. Columns: contracts: the same, each with status,
-- which has the columns of month_status.
SELECT coalesce(jsonb_agg(g.entry || jsonb_build_object('status', to_jsonb(s)) ORDER BY g.place), '[]') AS contracts
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS g (entry, place)
CROSS JOIN LATERAL headroom.month_status(
    (g.entry ->> 'contract_id')::bigint, (g.entry ->> 'month')::date, $2::timestamptz) AS s;
