-- SPDX-License-Identifier: MIT
-- The months before one, and before the open month of now, oldest first, with what was counted on each of their days.
-- $1 contract_id bigint; $2 month date; $3 how many that count as history are wanted at most;
-- $4 the present, microseconds since the epoch, or null: the session's.
-- Columns: month as '2026-10'; days, first_weekday (0 Monday); new_handles, seen (numbers with commas between them, one
-- a day); left_out (null: it counts).
SELECT
    to_char(month, 'YYYY-MM') AS month, days, first_weekday,
    array_to_string(new_handles, ',') AS new_handles,
    array_to_string(seen, ',') AS seen,
    left_out
FROM headroom.history_months(
    $1::bigint,
    least(
        $2::date,
        headroom.current_month(
            $1::bigint, coalesce(TIMESTAMPTZ 'epoch' + $4::bigint * INTERVAL '1 microsecond', now()))),
    $3::bigint)
ORDER BY history_months.month;
