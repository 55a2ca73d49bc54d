-- SPDX-License-Identifier: MIT
-- Forgets a kept format of logs.
-- $1 name.
DELETE FROM headroom.log_format AS f
WHERE f.name = $1;
