-- SPDX-License-Identifier: MIT
-- ?1 first, ?2 last number.
DELETE FROM entry WHERE number BETWEEN ?1 AND ?2;
