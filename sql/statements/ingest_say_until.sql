-- SPDX-License-Identifier: MIT
-- Says that nothing more will come of a source from before a time. A reader that was silent for more than five minutes
-- has had a break, and begins anew.
-- $1 contract_id bigint; $2 source; $3 reader; $4 until timestamptz, exclusive.
INSERT INTO headroom.source_until AS said (contract_id, source, reader, since, until)
VALUES ($1::bigint, $2::text, $3::text, $4::timestamptz, $4::timestamptz)
ON CONFLICT (contract_id, source, reader) DO UPDATE SET
    since = CASE
        WHEN excluded.until - said.until > INTERVAL '5 minutes' THEN excluded.since
        ELSE said.since
    END,
    until = greatest(said.until, excluded.until);
