-- SPDX-License-Identifier: MIT
-- Which of some numbers of a spool came before.
-- $1 spool; $2 numbers (int8multirange). Columns: first_number, last_number of each range of them, in order.
SELECT lower(part.numbers) AS first_number, upper(part.numbers) - 1 AS last_number
FROM headroom.gateway_spool AS s
CROSS JOIN LATERAL unnest(s.taken * $2::int8multirange) AS part (numbers)
WHERE s.spool = $1
ORDER BY 1;
