-- SPDX-License-Identifier: MIT
-- The words that the workbook uses.
-- Columns: see about.json.
SELECT word, meaning
FROM (VALUES
    (1, 'request, event', 'one call of the API in the name of one user; once written down it is never changed'),
    (2, 'unique handles', 'the number of users that count for the contract in the billing month'),
    (3, 'owner', 'the user that a name, an id or a token stands for, once that is known; what is counted'),
    (4, 'limit', 'unique handles that the contract includes in a billing month'),
    (5, 'headroom, overage', 'what is left of the limit; what is above it'),
    (6, 'new, first-time, returning', 'first counted in this month; in no earlier month; in an earlier month too'),
    (7, 'provisional', 'of a handle: known by a token alone; of a month: not closed, so it can still change'),
    (8, 'added, duplicate, quarantined',
        'what became of a line of a log: a new event, one that was there already, one that could not be read'),
    (9, 'counted, not counted', 'what a request is under the rule, with the reason if it does not count'),
    (10, 'batch', 'what was taken in at once, with its totals and its digest'),
    (11, 'data until', 'up to here all sources have delivered; later requests may be missing'),
    (12, 'forecast', 'what the month will end at, with how sure that is'),
    (13, 'charge', 'what the overage costs under the terms'),
    (14, 'close, seal', 'freezing the month; the digest that proves that it did not change since'),
    (15, 'adjustment', 'what a closed month would be today, less what was sealed: carried in a later month'),
    (16, 'chain', 'each batch, each version of the terms, each close is a link that holds the digest of the one before')
) AS known (place, word, meaning)
ORDER BY place;
