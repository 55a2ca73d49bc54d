-- SPDX-License-Identifier: MIT
-- Says how far an event endpoint has listened for its sources. One that was away for more than five minutes has had a
-- break.
-- $1 listener; $2 since, $3 until timestamptz; $4 sources jsonb: an array of {contract_id, source}.
INSERT INTO headroom.source_listened AS said (contract_id, source, listener, since, until)
SELECT g.contract_id, g.source, $1::text, least($2::timestamptz, $3::timestamptz), $3::timestamptz
FROM jsonb_to_recordset($4::jsonb) AS g (contract_id bigint, source text)
ON CONFLICT (contract_id, source, listener) DO UPDATE
SET since = CASE WHEN said.until >= excluded.since - INTERVAL '5 minutes' THEN said.since ELSE excluded.since END,
    until = greatest(said.until, excluded.until);
