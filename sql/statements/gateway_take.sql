-- SPDX-License-Identifier: MIT
-- Notes which numbers of a spool came.
-- $1 spool; $2 numbers (int8multirange).
UPDATE headroom.gateway_spool
SET taken = taken + $2::int8multirange
WHERE spool = $1
    AND NOT taken @> $2::int8multirange;
