-- SPDX-License-Identifier: MIT
-- Says which batches' events evidence_events reads. The columns have no meaning.
-- $1 bigint[]: in order of their ids.
SELECT set_config('headroom.evidence_batches', $1::bigint[]::text, true);
