-- SPDX-License-Identifier: MIT
-- Ends each statement of the session that takes longer than a client waits for. $1 milliseconds, as text.
SELECT set_config('statement_timeout', $1::text, false);
