-- SPDX-License-Identifier: MIT
-- The contracts that some batches brought events for; all of them where one is an import of identities, which any
-- contract's count may rest on. $1 batch ids (bigint[]). Column: contracts (bigint[] as text).
SELECT coalesce(array_agg(contract_id ORDER BY contract_id), '{}') AS contracts
FROM headroom.contract
WHERE contract_id IN (
        SELECT source.contract_id FROM headroom.batch_source AS source WHERE source.batch_id = ANY ($1::bigint[]))
    OR EXISTS (
        SELECT FROM headroom.batch AS batch WHERE batch.batch_id = ANY ($1::bigint[]) AND batch.kind = 'identities');
