-- SPDX-License-Identifier: MIT
-- What a list of user ids and handles adds to a billing month: one row.
-- $1 contract_id bigint; $2 month date; $3 the instant, $4 known_until, both microseconds since the epoch; $5 subjects
-- text[]; $6 how many new ones the limit has room for, bigint (null: there is no limit, or it is passed).
-- Columns: those of headroom.plan.
SELECT handles, counted, new, repeated, passing
FROM headroom.plan(
    $1::bigint, $2::date, TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond',
    TIMESTAMPTZ 'epoch' + $4::bigint * INTERVAL '1 microsecond', $5::text[], $6::bigint);
