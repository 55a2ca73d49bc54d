-- SPDX-License-Identifier: MIT
-- Sets the span of batches that audit_events reads, which can take no parameters. The columns have no meaning.
-- $1, $2 bigint: the first and the last id.
SELECT
    set_config('headroom.first_batch', $1::bigint::text, true),
    set_config('headroom.last_batch', $2::bigint::text, true);
