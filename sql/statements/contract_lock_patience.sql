-- SPDX-License-Identifier: MIT
-- How long a lock is waited for until the transaction ends. Column: set_config, the time.
SELECT set_config('lock_timeout', '60s', true);
