-- SPDX-License-Identifier: MIT
-- Keeps what a forecast says today; nothing where one was kept of the month today.
-- $1 contract_id bigint; $2 month date; $3 as_of, microseconds since the epoch; $4 used bigint; $5 p10, $6 p50, $7 p90
-- double precision; $8 probability double precision (null: no limit); $9 unit_limit bigint (null: none);
-- $10 expected_charge numeric; $11 currency; $12 history_months smallint; $13 method; $14 who.
-- Columns, of the row that was kept: said_on.
INSERT INTO headroom.forecast_said (
    contract_id, month, said_on, said_at, as_of, used, p10, p50, p90, probability, unit_limit, expected_charge,
    currency, history_months, method, said_by)
SELECT
    $1::bigint, $2::date, (now() AT TIME ZONE term.time_zone)::date, now(),
    TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond', $4::bigint, $5::double precision, $6::double precision,
    $7::double precision, $8::double precision, $9::bigint, $10::numeric, $11, $12::smallint, $13, $14
FROM headroom.term_of($1::bigint, $2::date) AS term
ON CONFLICT (contract_id, month, said_on) DO NOTHING
RETURNING to_char(said_on, 'YYYY-MM-DD') AS said_on;
