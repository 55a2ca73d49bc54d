-- SPDX-License-Identifier: MIT
-- What a batch puts into the chain, and the upkeep of the index that finds a batch's events.

-- SHA-256 of the batch's lines: everything about it that is stored, one value a line, null as an empty line.
CREATE FUNCTION headroom.batch_content(wanted_batch_id bigint)
RETURNS bytea
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    content text;
BEGIN
    SELECT concat_ws(E'\n',
        'headroom-batch-1', batch_id, kind, file, format, coalesce(first_line::text, ''), coalesce(last_line::text, ''),
        first_byte, end_byte, read, added, duplicate, quarantined, encode(events_digest, 'hex'),
        encode(facts_digest, 'hex'), (EXTRACT(EPOCH FROM loaded_at) * 1000000)::bigint, loaded_by, program, '')
    INTO STRICT content
    FROM headroom.batch
    WHERE batch_id = wanted_batch_id;
    RETURN sha256(convert_to(content, 'UTF8'));
END
$$;

-- Summarises the new ranges of every partition's BRIN index on batch_id; returns how many there were. A load leaves them
-- unsummarised, and then whoever reads a batch reads those ranges whole.
CREATE FUNCTION headroom.summarise_event_batches()
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ranges bigint;
BEGIN
    SELECT coalesce(sum(brin_summarize_new_values(index_class.oid)), 0)
    INTO ranges
    FROM pg_catalog.pg_inherits AS part
    JOIN pg_catalog.pg_index AS part_index ON part_index.indrelid = part.inhrelid
    JOIN pg_catalog.pg_class AS index_class ON index_class.oid = part_index.indexrelid
    JOIN pg_catalog.pg_am AS access_method ON access_method.oid = index_class.relam
    WHERE part.inhparent = 'headroom.event'::pg_catalog.regclass AND access_method.amname = 'brin';
    RETURN ranges;
END
$$;

REVOKE EXECUTE ON FUNCTION headroom.summarise_event_batches() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.summarise_event_batches() TO headroom_writer;
