-- SPDX-License-Identifier: MIT
-- ?1 age of the spool, ?2 up to which number all is drained.
INSERT OR REPLACE INTO mark (age_us, number) VALUES (?1, ?2);
