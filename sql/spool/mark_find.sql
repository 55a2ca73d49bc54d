-- SPDX-License-Identifier: MIT
-- Up to which number all was drained at the age ?1; 0: none.
SELECT coalesce((SELECT number FROM mark WHERE age_us <= ?1 ORDER BY age_us DESC LIMIT 1), 0);
