-- SPDX-License-Identifier: MIT
-- The first event of a class is mostly that of the class below, and is then no longer kept twice. Rows of before stay as
-- they are: headroom.first_of reads both forms.

COMMENT ON COLUMN headroom.usage.first_answered IS
    'null: none of that class, or the same as first_attempted; see headroom.first_of';
COMMENT ON COLUMN headroom.usage.first_delivered IS
    'null: none of that class, or the same as the first answered one; see headroom.first_of';
