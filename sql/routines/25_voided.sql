-- SPDX-License-Identifier: MIT
-- Which batches are out of the counts: the one place that says so.

-- The batches whose last change took them back: voided loads and withdrawn imports.
CREATE VIEW headroom.voided_batch AS
SELECT
    last_change.batch_id,
    last_change.action,
    last_change.reason,
    last_change.changed_at,
    last_change.changed_by
FROM (
    SELECT DISTINCT ON (c.batch_id) c.*
    FROM headroom.batch_change AS c
    ORDER BY c.batch_id, c.change_id DESC
) AS last_change
WHERE last_change.action <> 'restore';

GRANT SELECT ON headroom.voided_batch TO headroom_reader, headroom_writer;

-- What a person is told of a batch, by the change that is in force of it; null where there is none.
CREATE FUNCTION headroom.batch_state(action headroom.batch_action)
RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE action WHEN 'void' THEN 'voided' WHEN 'withdraw' THEN 'withdrawn' ELSE 'in force' END
$$;

-- The batches of voided_batch as an array, for `batch_id <> ALL (headroom.voided_batches())`; empty when there is none.
CREATE FUNCTION headroom.voided_batches()
RETURNS bigint[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(SELECT v.batch_id FROM headroom.voided_batch AS v ORDER BY v.batch_id);
END
$$;

-- voided_batch as it was when the chain ended with a link. until_seq: its number; null: as it is now.
CREATE FUNCTION headroom.voided_until(until_seq bigint)
RETURNS TABLE (
    batch_id bigint, action headroom.batch_action, reason text, changed_at timestamptz, changed_by text)
LANGUAGE plpgsql STABLE ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT v.batch_id, v.action, v.reason, v.changed_at, v.changed_by
    FROM (
        SELECT DISTINCT ON (c.batch_id) c.*
        FROM headroom.batch_change AS c
        WHERE NOT EXISTS (
            SELECT
            FROM headroom.chain AS l
            WHERE l.seq > until_seq
                AND l.kind IN ('void', 'restore', 'withdrawal')
                AND l.subject_id = c.change_id)
        ORDER BY c.batch_id, c.change_id DESC
    ) AS v
    WHERE v.action <> 'restore';
END
$$;

-- The batches that were taken in after a link of the chain; none where until_seq is null.
CREATE FUNCTION headroom.batches_after(until_seq bigint)
RETURNS bigint[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT l.subject_id
        FROM headroom.chain AS l
        WHERE l.seq > until_seq
            AND l.kind IN ('batch', 'identities')
        ORDER BY l.subject_id);
END
$$;

-- The batches that were not there, or taken back, when the chain ended with a link; null: now.
CREATE FUNCTION headroom.absent_since(until_seq bigint)
RETURNS bigint[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN headroom.batches_after(until_seq) || ARRAY(SELECT v.batch_id FROM headroom.voided_until(until_seq) AS v);
END
$$;

-- The requests of a month that came in batches which are voided: they stay in the month's requests, and are not
-- counted.
--   of_month: the first day of the calendar month. Reads nothing but the list of batches where none is voided.
CREATE FUNCTION headroom.voided_requests(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    voided CONSTANT bigint[] := headroom.voided_batches();
BEGIN
    IF cardinality(voided) = 0 THEN
        RETURN 0;
    END IF;
    RETURN (
        SELECT coalesce(sum(d.requests), 0)::bigint
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
            AND d.batch_id = ANY (voided));
END
$$;
