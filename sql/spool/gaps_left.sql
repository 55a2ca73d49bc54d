-- SPDX-License-Identifier: MIT
-- How many gap records are not drained.
SELECT count(*) FROM note WHERE kind = 'gap' AND drained_age_us IS NULL;
