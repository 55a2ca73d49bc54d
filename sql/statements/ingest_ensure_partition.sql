-- SPDX-License-Identifier: MIT
-- Makes the partition of events for the month of an instant, where it is missing.
-- $1 time: microseconds since the epoch (bigint). Column: ready.
SELECT headroom.ensure_partition(TIMESTAMPTZ 'epoch' + $1::bigint * INTERVAL '1 microsecond') IS NOT NULL AS ready;
