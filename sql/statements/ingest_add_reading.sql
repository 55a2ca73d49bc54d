-- SPDX-License-Identifier: MIT
-- How the lines of a batch were read that is no part of a file that stays.
-- $1 batch_id bigint; $2 scope; $3 header (null: none).
INSERT INTO headroom.batch_reading (batch_id, scope, header)
VALUES ($1::bigint, $2::text, $3::text);
