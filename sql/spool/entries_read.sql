-- SPDX-License-Identifier: MIT
-- Entries that have an outcome, by number, from ?1 to ?2, at most ?3: number, time, intent, outcome. By way of the
-- outcomes: an entry without one is not looked at.
SELECT entry.number, entry.time_us, entry.intent, outcome.outcome
FROM outcome CROSS JOIN entry ON entry.number = outcome.number
WHERE outcome.number BETWEEN ?1 AND ?2
ORDER BY outcome.number LIMIT ?3;
