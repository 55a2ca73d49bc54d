-- SPDX-License-Identifier: MIT
-- The first and the last number of an entry, and the last one's time; zeros: none.
SELECT coalesce(min(number), 0), coalesce(max(number), 0),
    coalesce((SELECT time_us FROM entry ORDER BY number DESC LIMIT 1), 0)
FROM entry;
