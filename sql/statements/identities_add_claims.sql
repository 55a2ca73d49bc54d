-- SPDX-License-Identifier: MIT
-- The claims of the staged import.
-- $1 batch_id bigint.
INSERT INTO headroom.identity_claim (subject, user_id, batch_id, line, valid_from, valid_until)
SELECT staged.subject, staged.user_id, $1::bigint, staged.line, staged.valid_from, staged.valid_until
FROM pg_temp.staged_identity AS staged
WHERE staged.first_together IS NULL;
