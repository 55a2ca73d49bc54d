-- SPDX-License-Identifier: MIT
-- Gives the entries after ?1 whose outcome never came one that says so.
INSERT INTO outcome (number, outcome)
SELECT number, '{"outcome":"unknown"}' FROM entry
WHERE number > ?1 AND NOT EXISTS (SELECT 1 FROM outcome WHERE outcome.number = entry.number);
