-- SPDX-License-Identifier: MIT
-- Who wants one of some contracts for himself, the first of them; no row: nobody. One who has asked for ten minutes is
-- gone without having said so.
-- $1 contract ids (bigint[]). Columns: name (of the contract), wanted_by, wanted_for.
SELECT contract.name, intent.wanted_by, intent.wanted_for
FROM headroom.contract_intent AS intent
JOIN headroom.contract AS contract USING (contract_id)
WHERE intent.contract_id = ANY ($1::bigint[])
    AND intent.wanted_at > clock_timestamp() - INTERVAL '10 minutes'
ORDER BY intent.intent_id
LIMIT 1;
