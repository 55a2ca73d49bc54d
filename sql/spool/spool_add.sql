-- SPDX-License-Identifier: MIT
-- ?1 id, ?2 time of making.
INSERT INTO spool (id, made_us) VALUES (?1, ?2);
