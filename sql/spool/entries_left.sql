-- SPDX-License-Identifier: MIT
-- Each entry after ?1, by number: number, time, bytes.
SELECT entry.number, entry.time_us, length(CAST(entry.intent AS BLOB)) + length(CAST(outcome.outcome AS BLOB))
FROM entry CROSS JOIN outcome ON outcome.number = entry.number
WHERE entry.number > ?1
ORDER BY entry.number;
