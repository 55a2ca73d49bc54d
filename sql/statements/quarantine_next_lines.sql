-- SPDX-License-Identifier: MIT
-- The next lines of a file that are still in quarantine.
-- $1 file, as it is kept; $2 format; $3 scope, $4 header (null: not known); $5 reason (null: all); $6 first and $7 last
-- batch (bigint; null: all); $8 the line that was read last (quarantine_id; 0: none); $9 how many.
-- Columns: quarantine_id, place (hex), line, reason, raw (hex), is_whole (whether these are all of its bytes,
-- unmasked).
SELECT
    quarantine_id,
    encode(place, 'hex') AS place,
    line,
    reason,
    encode(raw, 'hex') AS raw,
    raw_size = octet_length(raw) AND position('\x5b6d61736b65645d'::bytea IN raw) = 0 AS is_whole
FROM headroom.quarantined_lines(NULL, $1::text, $5::text, $6::bigint, $7::bigint, false)
WHERE file = $1::text
    AND format = $2::text
    AND scope IS NOT DISTINCT FROM $3::text
    AND header IS NOT DISTINCT FROM $4::text
    AND quarantine_id > $8::bigint
ORDER BY quarantine_id
LIMIT $9::bigint;
