-- SPDX-License-Identifier: MIT
-- ?1 number, ?2 age of the spool.
UPDATE note SET drained_age_us = ?2 WHERE number = ?1 AND drained_age_us IS NULL;
