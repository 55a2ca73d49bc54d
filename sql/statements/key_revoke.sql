-- SPDX-License-Identifier: MIT
-- Revokes the API key in force that has the name.
-- $1 name; $2 revoked_by.
-- Columns: key_id; no row: there is none.
UPDATE headroom.api_key
SET revoked_at = clock_timestamp(), revoked_by = $2::text
WHERE name = $1::text AND revoked_at IS NULL
RETURNING key_id;
