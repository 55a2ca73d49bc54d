-- SPDX-License-Identifier: MIT
-- ?1 number, ?2 outcome. One that is there stays.
INSERT OR IGNORE INTO outcome (number, outcome) VALUES (?1, ?2);
