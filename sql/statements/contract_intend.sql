-- SPDX-License-Identifier: MIT
-- Says that contracts are wanted exclusively, so that loaders let the asker in; committed before the lock is asked for.
-- $1 contract ids (bigint[]); $2 wanted_by; $3 wanted_for. Column: intents (bigint[] as text).
WITH intended AS (
    INSERT INTO headroom.contract_intent (contract_id, wanted_at, wanted_by, wanted_for)
    SELECT contract_id, clock_timestamp(), $2::text, $3::text
    FROM unnest($1::bigint[]) AS wanted (contract_id)
    RETURNING intent_id
)
SELECT coalesce(array_agg(intent_id), '{}') AS intents
FROM intended;
