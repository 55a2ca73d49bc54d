-- SPDX-License-Identifier: MIT
-- Makes again what some batches add to by source, after they were voided or restored. $1 batch ids (bigint[]).
-- Column: contracts (how many they have events of).
SELECT count(headroom.rebuild_sources(brought.contract_id, $1::bigint[]) IS NULL) AS contracts
FROM (
    SELECT DISTINCT source.contract_id
    FROM headroom.batch_source AS source
    WHERE source.batch_id = ANY ($1::bigint[])
    ORDER BY source.contract_id
) AS brought;
