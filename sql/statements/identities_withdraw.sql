-- SPDX-License-Identifier: MIT
-- Withdraws a batch of identities. $1 batch_id bigint; $2 reason; $3 changed_by. Column: change_id.
INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by)
VALUES ($1::bigint, 'withdraw', $2::text, clock_timestamp(), $3::text)
RETURNING change_id;
