-- SPDX-License-Identifier: MIT
-- What a list of user ids and handles adds to a billing month: one row.
-- $1 contract_id bigint; $2 month date; $3 the instant, microseconds since the epoch; $4 subjects text[];
-- $5 how many new ones the limit has room for, bigint (null: there is no limit, or it is passed).
-- Columns: those of headroom.plan.
SELECT handles, counted, new, repeated, passing
FROM headroom.plan(
    $1::bigint, $2::date, TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond', $4::text[], $5::bigint);
