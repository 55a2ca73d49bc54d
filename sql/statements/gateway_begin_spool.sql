-- SPDX-License-Identifier: MIT
-- Notes a gateway's spool when it is seen for the first time.
-- $1 spool.
INSERT INTO headroom.gateway_spool (spool, first_seen)
VALUES ($1, clock_timestamp())
ON CONFLICT (spool) DO NOTHING;
