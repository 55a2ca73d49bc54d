-- SPDX-License-Identifier: MIT
-- The database's clock, which decides what lies in the future.
-- Column: now_us (microseconds since the epoch).
SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS now_us;
