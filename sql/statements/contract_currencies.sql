-- SPDX-License-Identifier: MIT
-- The currencies that money can be in. Columns: code, digits (of the minor unit).
SELECT code, minor_digits AS digits
FROM headroom.currency
ORDER BY code;
