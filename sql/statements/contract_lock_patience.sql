-- SPDX-License-Identifier: MIT
-- How long a lock is waited for until the transaction ends: the session's own lock_timeout where it has one, else a
-- minute. Column: patience, as PostgreSQL writes a time, like 1min.
SELECT set_config(
    'lock_timeout',
    CASE current_setting('lock_timeout') WHEN '0' THEN '1min' ELSE current_setting('lock_timeout') END,
    true) AS patience;
