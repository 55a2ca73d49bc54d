-- SPDX-License-Identifier: MIT
-- Whether what was counted of some months may have changed since.

-- Whether a link after another one can have changed what some months of a contract count: links of batches that were
-- taken in, voided or restored and touch a time, or taught who owns a handle of the months; and changes of the
-- contract. Says yes too often rather than too seldom; says no without counting.
--   since: seq of the chain; months: first days of calendar months, whose handles are meant; from_at, until_at: the
--   time, half-open.
CREATE FUNCTION headroom.touched_since(
    of_contract bigint, since bigint, months date[], from_at timestamptz, until_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    batches bigint[];
BEGIN
    IF since >= (SELECT h.seq FROM headroom.chain_head AS h) THEN
        RETURN false;
    END IF;
    IF EXISTS (
        SELECT
        FROM headroom.chain AS l
        LEFT JOIN headroom.term AS t ON l.kind = 'terms' AND t.term_id = l.subject_id
        LEFT JOIN headroom.contract_version AS v ON l.kind = 'contract' AND v.version_id = l.subject_id
        WHERE l.seq > since
            AND l.kind IN ('terms', 'contract')
            AND of_contract IN (t.contract_id, v.contract_id))
    THEN
        RETURN true;
    END IF;
    batches := ARRAY(
        SELECT coalesce(c.batch_id, l.subject_id)
        FROM headroom.chain AS l
        LEFT JOIN headroom.batch_change AS c
            ON l.kind IN ('void', 'restore', 'withdrawal') AND c.change_id = l.subject_id
        WHERE l.seq > since
            AND l.kind IN ('batch', 'identities', 'void', 'restore', 'withdrawal'));
    IF cardinality(batches) = 0 THEN
        RETURN false;
    END IF;
    RETURN EXISTS (
            SELECT
            FROM headroom.batch_source AS b
            WHERE b.batch_id = ANY (batches)
                AND b.contract_id = of_contract
                AND b.first_event < until_at
                AND b.last_event >= from_at)
        OR EXISTS (
            SELECT
            FROM headroom.usage AS u
            WHERE u.contract_id = of_contract
                AND u.month = ANY (months)
                AND u.subject >= '@'
                AND u.subject < 'A'
                AND (EXISTS (
                        SELECT FROM headroom.identity_fact AS f
                        WHERE f.subject = u.subject AND f.batch_id = ANY (batches))
                    OR EXISTS (
                        SELECT FROM headroom.identity_claim AS c
                        WHERE c.subject = u.subject AND c.batch_id = ANY (batches))));
END
$$;
