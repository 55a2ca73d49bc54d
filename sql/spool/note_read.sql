-- SPDX-License-Identifier: MIT
-- Notes: number, kind, json. ?1 how many at most, ?2 1: drained ones too, ?3 only those after this number.
SELECT number, kind, json FROM note
WHERE number > ?3 AND (drained_age_us IS NULL OR ?2)
ORDER BY number LIMIT ?1;
