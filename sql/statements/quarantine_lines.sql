-- SPDX-License-Identifier: MIT
-- Lines in quarantine, in the order in which they were met.
-- $1 contract, $2 file, $3 reason, $4 first and $5 last batch (bigint), $6 with settled lines (boolean): as
-- quarantined_lines; $7 at most so many of each reason (null: all).
-- Columns: quarantine_id, batch, file, line, reason, field, message, raw (hex), raw_size, loaded_at
-- (microseconds), settled_by.
SELECT
    quarantine_id,
    batch_id AS batch,
    file,
    line,
    reason,
    field,
    message,
    encode(raw, 'hex') AS raw,
    raw_size,
    headroom.epoch_us(loaded_at) AS loaded_at,
    settled_by
FROM (
    SELECT
        *,
        row_number() OVER (PARTITION BY reason ORDER BY quarantine_id) AS place_in_reason
    FROM headroom.quarantined_lines($1::text, $2::text, $3::text, $4::bigint, $5::bigint, $6::boolean)
) AS numbered
WHERE $7::bigint IS NULL OR place_in_reason <= $7::bigint
ORDER BY quarantine_id;
