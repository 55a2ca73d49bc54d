-- SPDX-License-Identifier: MIT
-- Which terms a contract has. Terms that others took the place of stay in their table, as what a month was sealed
-- under.

-- The terms in force: at most one for a contract and a date.
CREATE VIEW headroom.term_in_force AS
SELECT t.*
FROM headroom.term AS t
WHERE t.retired_in IS NULL;

GRANT SELECT ON headroom.term_in_force TO headroom_reader, headroom_writer;
