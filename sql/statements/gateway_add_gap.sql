-- SPDX-License-Identifier: MIT
-- Keeps that a gateway forwarded requests without a record.
-- $1 spool; $2 note bigint; $3 from, $4 until: timestamptz; $5 requests bigint; $6 reason.
INSERT INTO headroom.gateway_gap (spool, note, starts_at, ends_at, requests, reason)
VALUES ($1, $2::bigint, $3::timestamptz, greatest($3::timestamptz, $4::timestamptz), $5::bigint, $6)
ON CONFLICT (spool, note) DO NOTHING;
