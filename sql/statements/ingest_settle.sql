-- SPDX-License-Identifier: MIT
-- Says which quarantined lines a batch read after all.
-- $1 quarantine ids (bigint[]); $2 batch_id bigint; $3 settled_at timestamptz.
INSERT INTO headroom.quarantine_settled (quarantine_id, batch_id, settled_at)
SELECT quarantine_id, $2::bigint, $3::timestamptz
FROM unnest($1::bigint[]) AS settled (quarantine_id)
ORDER BY quarantine_id
ON CONFLICT (quarantine_id) DO NOTHING;
