-- SPDX-License-Identifier: MIT
-- How far a billing month is.
-- $1 contract_id bigint; $2 month date; $3 as_of, microseconds since the epoch, or null: see month_so_far;
-- $4 the month's unique handles as they are counted now, where they are known: bigint or null; $5 the present,
-- microseconds since the epoch, or null: the session's.
-- Columns: those of month_so_far, times as microseconds and first_day as days since the epoch; first_weekday: 0 Monday;
-- month as '2026-10'; is_ahead: whether the period has not begun; early, late: whether the instant asked for lies
-- before the period, or in the future.
SELECT
    contract, to_char($2::date, 'YYYY-MM') AS month, state, broke_off, unit_limit, currency, days, elapsed, used, known,
    heard_elapsed,
    first_day - DATE '1970-01-01' AS first_day,
    EXTRACT(ISODOW FROM first_day)::integer - 1 AS first_weekday,
    headroom.epoch_us(period_start) AS period_start,
    headroom.epoch_us(period_end) AS period_end,
    headroom.epoch_us(so_far.as_of) AS as_of,
    headroom.epoch_us(data_until) AS data_until,
    headroom.epoch_us(known_until) AS known_until,
    headroom.epoch_us(heard_until) AS heard_until,
    period_start > asked.now_at AS is_ahead,
    coalesce(asked.as_of < period_start, false) AS early,
    coalesce(asked.as_of > asked.now_at, false) AS late
FROM (
    SELECT
        TIMESTAMPTZ 'epoch' + $3::bigint * INTERVAL '1 microsecond' AS as_of,
        coalesce(TIMESTAMPTZ 'epoch' + $5::bigint * INTERVAL '1 microsecond', now()) AS now_at
) AS asked
CROSS JOIN LATERAL headroom.month_so_far($1::bigint, $2::date, asked.as_of, asked.now_at, $4::bigint) AS so_far;
