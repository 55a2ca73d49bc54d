-- SPDX-License-Identifier: MIT
-- What was last noted of a billing month; no row where nothing was.
-- $1 contract_id bigint; $2 month date. Columns: ignored, reason, noted_by, noted_on (a date in UTC).
SELECT ignored, reason, noted_by, to_char(noted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS noted_on
FROM headroom.period_noted
WHERE contract_id = $1::bigint AND month = $2::date;
