-- SPDX-License-Identifier: MIT
-- Notes that a billing month is left out where months are compared, or is not any more.
-- $1 contract_id bigint; $2 month date; $3 ignored boolean; $4 reason; $5 noted_by.
INSERT INTO headroom.period_note (contract_id, month, ignored, reason, noted_at, noted_by)
VALUES ($1::bigint, $2::date, $3::boolean, $4::text, clock_timestamp(), $5::text);
