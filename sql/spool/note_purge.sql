-- SPDX-License-Identifier: MIT
-- Those drained at the age ?1 or before, but for the newest.
DELETE FROM note WHERE drained_age_us <= ?1 AND number < (SELECT max(number) FROM note);
