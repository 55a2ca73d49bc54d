-- SPDX-License-Identifier: MIT
-- Says that nothing more will come of a source from before a time. A reader that was silent for more than five minutes,
-- and does not know that it missed nothing meanwhile, has had a break, and begins a new stretch.
-- $1 contract_id bigint; $2 source; $3 reader; $4 until timestamptz, exclusive; $5 since timestamptz: from when on it
-- is known to have missed nothing.
WITH grown AS (
    UPDATE headroom.source_until AS said
    SET until = greatest(said.until, $4::timestamptz)
    WHERE said.contract_id = $1::bigint
        AND said.source = $2::text
        AND said.reader = $3::text
        AND said.until >= $5::timestamptz - INTERVAL '5 minutes'
    RETURNING said.since
)
INSERT INTO headroom.source_until (contract_id, source, reader, since, until)
SELECT $1::bigint, $2::text, $3::text, least($4::timestamptz, $5::timestamptz), $4::timestamptz
WHERE NOT EXISTS (SELECT FROM grown)
ON CONFLICT (contract_id, source, reader, since) DO NOTHING;
