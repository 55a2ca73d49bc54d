-- SPDX-License-Identifier: MIT
-- The looks of cells. The first three are drawn as what they mean.
-- Columns: see about.json.
SELECT look, meaning
FROM (VALUES
    (1, 'pass', 'it holds, or counts, or is within the limit (green, ✓)'),
    (2, 'warn', 'look at it: a question or something preliminary, no mistake (bold on yellow, !)'),
    (3, 'fail', 'it does not hold, or is over the limit (white on dark red, ✗)'),
    (4, 'blue in a frame, sheet Inputs',
        'a cell of the what-if, which may be changed; all others follow from the ledger'),
    (5, 'a bar in a cell', 'as long as its number is large beside the others of the column'),
    (6, '–', 'there is no such figure')
) AS known (place, look, meaning)
ORDER BY place;
