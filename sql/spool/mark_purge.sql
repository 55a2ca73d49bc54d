-- SPDX-License-Identifier: MIT
-- The marks before the last one of at most the age ?1.
DELETE FROM mark WHERE age_us < (SELECT max(age_us) FROM mark WHERE age_us <= ?1);
