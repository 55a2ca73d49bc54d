-- SPDX-License-Identifier: MIT
-- Refuses what is no time zone. $1 its name. Column: done.
SELECT headroom.check_zone($1::text) IS NULL AS done;
