-- SPDX-License-Identifier: MIT
-- Sets the seal whose owners close_owners reads, which can take no parameters. The column has no meaning.
-- $1 bigint: the seal.
SELECT set_config('headroom.seal', $1::bigint::text, true);
