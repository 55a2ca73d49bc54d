-- SPDX-License-Identifier: MIT
-- Makes the transaction give times in a zone, so that a report shows them as its contract counts them.
-- $1 the zone (text). The column has no meaning.
SELECT pg_catalog.set_config('TimeZone', $1::text, true);
