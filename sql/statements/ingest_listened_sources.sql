-- SPDX-License-Identifier: MIT
-- The sources for which an event endpoint has said how far it has listened.
-- $1 listener. Columns: contract_id, source.
SELECT contract_id, source
FROM headroom.source_listened
WHERE listener = $1
ORDER BY contract_id, source;
