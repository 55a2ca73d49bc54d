-- SPDX-License-Identifier: MIT
-- The ranges of drained numbers, in order: first, last.
SELECT first, last FROM drained ORDER BY first;
