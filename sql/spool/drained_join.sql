-- SPDX-License-Identifier: MIT
-- Takes away the ranges within ?1 to ?2, which is to be one range.
DELETE FROM drained WHERE first BETWEEN ?1 AND ?2;
