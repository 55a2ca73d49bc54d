-- SPDX-License-Identifier: MIT
-- Takes back what contract_intend said. $1 intents (bigint[]).
DELETE FROM headroom.contract_intent
WHERE intent_id = ANY ($1::bigint[]);
