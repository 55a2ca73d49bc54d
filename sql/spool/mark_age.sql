-- SPDX-License-Identifier: MIT
-- The newest mark's age.
SELECT coalesce(max(age_us), 0) FROM mark;
