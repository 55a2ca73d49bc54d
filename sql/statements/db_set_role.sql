-- SPDX-License-Identifier: MIT
-- Takes a role for the session, as SET ROLE does. $1 role (text). Column: set_config, the role.
SELECT set_config('role', $1::text, false);
