-- SPDX-License-Identifier: MIT
-- Says which month's events evidence_events reads, which can take no parameters. The columns have no meaning.
-- $1 contract_id bigint; $2 month date.
SELECT
    set_config('headroom.evidence_contract', $1::bigint::text, true),
    set_config('headroom.evidence_month', $2::date::text, true),
    set_config('jit', 'off', true);
