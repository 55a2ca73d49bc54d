-- SPDX-License-Identifier: MIT
-- Sets a transaction to read all events: its readers share the processors already, and rows are only passed on.
-- $1 bigint: the first link whose batch is chosen, for audit_facts; 0: all. The columns have no meaning.
SELECT
    set_config('headroom.since', $1::bigint::text, true),
    set_config('max_parallel_workers_per_gather', '0', true),
    set_config('jit', 'off', true);
