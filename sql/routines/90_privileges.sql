-- SPDX-License-Identifier: MIT
-- Who may call what. Routines run with the caller's rights, so a reader gets no further with them than by SELECT; the
-- one that runs with the owner's rights is the writer's alone.

REVOKE ALL ON FUNCTION headroom.ensure_partition(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.ensure_partition(timestamptz) TO headroom_writer;
