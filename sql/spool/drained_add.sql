-- SPDX-License-Identifier: MIT
-- ?1 first, ?2 last.
INSERT OR REPLACE INTO drained (first, last) VALUES (?1, ?2);
