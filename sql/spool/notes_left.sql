-- SPDX-License-Identifier: MIT
-- Of the notes that are not drained: how many are gap records, and the bytes of all.
SELECT count(*) FILTER (WHERE kind = 'gap'), coalesce(sum(length(CAST(json AS BLOB))), 0)
FROM note
WHERE drained_age_us IS NULL;
