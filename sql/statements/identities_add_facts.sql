-- SPDX-License-Identifier: MIT
-- The facts of the staged import.
-- $1 batch_id bigint.
INSERT INTO headroom.identity_fact (subject, user_id, batch_id, first_together)
SELECT staged.subject, staged.user_id, $1::bigint, staged.first_together
FROM pg_temp.staged_identity AS staged
WHERE staged.first_together IS NOT NULL;
