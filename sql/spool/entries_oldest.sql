-- SPDX-License-Identifier: MIT
-- The earliest time of the entries from ?1 to ?2; 0: there is none.
SELECT coalesce(min(time_us), 0) FROM entry WHERE number BETWEEN ?1 AND ?2;
