-- SPDX-License-Identifier: MIT
-- What the vendor answered to questions that the agreement leaves open, as the contract has it now.
-- $1 contract_id bigint.
-- Columns: see inputs.json.
SELECT question, answer, given_on, given_by
FROM headroom.contract_answer
WHERE contract_id = $1::bigint
ORDER BY place;
