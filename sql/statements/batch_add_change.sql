-- SPDX-License-Identifier: MIT
-- Takes back a batch, or takes it in again.
-- $1 batch_id bigint; $2 action (void, restore or withdraw); $3 reason; $4 changed_by. Column: change_id.
INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by)
VALUES ($1::bigint, $2::headroom.batch_action, $3::text, clock_timestamp(), $4::text)
RETURNING change_id;
