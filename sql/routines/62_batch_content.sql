-- SPDX-License-Identifier: MIT
-- What a batch puts into the chain, and the upkeep of the index that finds a batch's events.

-- What the link of a batch stands for, as JSON text: all its values, what it brought by source, and, where its file was
-- noted, how far that was read and under which digests, else how its lines were read. Covers its events and identity
-- facts by their digests. Of the quarantined lines it covers how many there are, not what they say: a change to the
-- text, place or reason of one does not break the chain. The statement audit_links makes the same text without this
-- function.
CREATE FUNCTION headroom.batch_form(of_batch bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    form text;
BEGIN
    SELECT (
        jsonb_build_array(
            'headroom-batch-1', b.batch_id, b.kind, b.file, b.format, b.first_line, b.last_line, b.first_byte,
            b.end_byte, b.read, b.added, b.duplicate, b.quarantined, encode(b.events_digest, 'hex'),
            encode(b.facts_digest, 'hex'), headroom.epoch_us(b.loaded_at), b.loaded_by, b.program,
            (SELECT coalesce(
                jsonb_agg(
                    jsonb_build_array(
                        s.contract_id, s.source, s.events, headroom.epoch_us(s.first_event),
                        headroom.epoch_us(s.last_event))
                    ORDER BY s.contract_id, s.source),
                '[]')
            FROM headroom.batch_source AS s
            WHERE s.batch_id = b.batch_id))
        || coalesce(
            (SELECT jsonb_build_array(jsonb_build_array(
                f.scope, f.device, f.inode, encode(f.first_digest, 'hex'), encode(f.end_digest, 'hex'), f.open_byte,
                encode(f.open_digest, 'hex'), f.next_line, f.nameless, f.header))
            FROM headroom.batch_file AS f
            WHERE f.batch_id = b.batch_id),
            '[]')
        || coalesce(
            (SELECT jsonb_build_array(jsonb_build_array(r.scope, r.header))
            FROM headroom.batch_reading AS r
            WHERE r.batch_id = b.batch_id),
            '[]'))::text
    INTO STRICT form
    FROM headroom.batch AS b
    WHERE b.batch_id = of_batch;
    RETURN form;
END
$$;

-- The content digest of a batch's link: SHA-256 over that text.
CREATE FUNCTION headroom.batch_content(of_batch bigint)
RETURNS bytea
LANGUAGE sql STABLE STRICT
AS $$
    SELECT sha256(convert_to(headroom.batch_form(of_batch), 'UTF8'))
$$;

-- Summarises the new ranges of every partition's BRIN index on batch_id; returns how many there were. A load leaves
-- them unsummarised, and then whoever reads a batch reads those ranges whole.
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
