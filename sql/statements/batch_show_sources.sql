-- SPDX-License-Identifier: MIT
-- What a batch brought for each source. $1 batch_id bigint.
-- Columns: contract, source, added, first_event, last_event (microseconds; of all its lines, duplicates too).
SELECT
    contract.name AS contract,
    source.source,
    source.events AS added,
    headroom.epoch_us(source.first_event) AS first_event,
    headroom.epoch_us(source.last_event) AS last_event
FROM headroom.batch_source AS source
JOIN headroom.contract AS contract USING (contract_id)
WHERE source.batch_id = $1::bigint
ORDER BY contract.name, source.source;
