-- SPDX-License-Identifier: MIT
-- The lines in quarantine, with what became of them.

-- Each line with the batch that met it first, in order. Each filter is null for all.
--   of_contract: its name: lines of batches that read events of the contract, or that were read for it; of_file: with
--   or without its folder; of_reason; of_first_batch, of_last_batch: the first batches that met them, both included;
--   with_settled: also lines that were read later.
-- Columns: as in quarantine; format: of the file; scope, header: how it was read, null where that is not known;
-- settled_by: the batch that read the line in the end, null while it is in quarantine.
CREATE FUNCTION headroom.quarantined_lines(
    of_contract text, of_file text, of_reason text, of_first_batch bigint, of_last_batch bigint,
    with_settled boolean)
RETURNS TABLE (
    quarantine_id bigint,
    batch_id bigint,
    place bytea,
    file text,
    line bigint,
    reason text,
    field text,
    message text,
    raw bytea,
    raw_size bigint,
    loaded_at timestamptz,
    format text,
    scope text,
    header text,
    settled_by bigint)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        q.quarantine_id,
        q.batch_id,
        q.place,
        q.file,
        q.line,
        q.reason,
        q.field,
        q.message,
        q.raw,
        q.raw_size,
        b.loaded_at,
        b.format,
        coalesce(f.scope, r.scope),
        coalesce(f.header, r.header),
        s.batch_id
    FROM headroom.quarantine AS q
    JOIN headroom.batch AS b ON b.batch_id = q.batch_id
    LEFT JOIN headroom.batch_file AS f ON f.batch_id = q.batch_id
    LEFT JOIN headroom.batch_reading AS r ON r.batch_id = q.batch_id
    LEFT JOIN headroom.quarantine_settled AS s ON s.quarantine_id = q.quarantine_id
    WHERE (with_settled OR s.quarantine_id IS NULL)
        AND (of_file IS NULL OR q.file = of_file OR right(q.file, length(of_file) + 1) = '/' || of_file)
        AND (of_reason IS NULL OR q.reason = of_reason)
        AND (of_first_batch IS NULL OR q.batch_id >= of_first_batch)
        AND (of_last_batch IS NULL OR q.batch_id <= of_last_batch)
        AND (of_contract IS NULL
            OR coalesce(f.scope, r.scope)::jsonb ->> 'contract' = of_contract
            OR EXISTS (
                SELECT
                FROM headroom.batch_source AS source
                JOIN headroom.contract AS c ON c.contract_id = source.contract_id
                WHERE source.batch_id = q.batch_id
                    AND c.name = of_contract))
    ORDER BY q.quarantine_id;
END
$$;
