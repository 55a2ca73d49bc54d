-- SPDX-License-Identifier: MIT
-- Prepares the transaction for a report: times in a zone, so that they are shown as its contract counts them, and room
-- to sort the owners of a large month in memory, unless the server gives more.
-- $1 the zone (text). The columns have no meaning.
SELECT
    pg_catalog.set_config('TimeZone', $1::text, true),
    pg_catalog.set_config(
        'work_mem',
        greatest(pg_catalog.pg_size_bytes(pg_catalog.current_setting('work_mem')) / 1024, 65536)::text,
        true);
