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

-- The same as an array, for `batch_id <> ALL (headroom.voided_batches())`; empty when there is none.
CREATE FUNCTION headroom.voided_batches()
RETURNS bigint[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(SELECT v.batch_id FROM headroom.voided_batch AS v ORDER BY v.batch_id);
END
$$;
