-- SPDX-License-Identifier: MIT
-- ?1 number, ?2 time, ?3 intent.
INSERT INTO entry (number, time_us, intent) VALUES (?1, ?2, ?3);
