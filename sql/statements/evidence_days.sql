-- SPDX-License-Identifier: MIT
-- The days of a month's period.
-- $1 contract_id bigint; $2 month date. Columns: day; start, end (microseconds).
SELECT d.day, headroom.epoch_us(d.starts_at), headroom.epoch_us(d.ends_at)
FROM headroom.evidence_days($1::bigint, $2::date) AS d
ORDER BY d.day;
