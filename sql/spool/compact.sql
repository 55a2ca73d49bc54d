-- SPDX-License-Identifier: MIT
-- Writes the database anew, without the pages that hold nothing.
VACUUM;
