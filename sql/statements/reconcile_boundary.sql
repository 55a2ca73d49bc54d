-- SPDX-License-Identifier: MIT
-- The owners within a day of either end of the month, whom another time zone may move over it.
-- $1 contract_id bigint; $2 month date; $3 unique_handles bigint, as in month_status.
-- Columns: side (start, end), at (microseconds), leave, come bigint; leave_charge, come_charge: what either would add
-- to the charge (text, with the currency's digits).
SELECT
    boundary.side, headroom.epoch_us(boundary.at) AS at, boundary.leave, boundary.come,
    headroom.money(boundary.leave_charge, term.currency) AS leave_charge,
    headroom.money(boundary.come_charge, term.currency) AS come_charge
FROM headroom.term_of($1::bigint, $2::date) AS term
CROSS JOIN LATERAL headroom.stated_boundary($1::bigint, $2::date, $3::bigint) AS boundary;
