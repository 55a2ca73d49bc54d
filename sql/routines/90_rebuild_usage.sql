-- SPDX-License-Identifier: MIT
-- A month's usage made again from the events: what the loader keeps up batch by batch, after something was taken back.

-- Makes the totals of a month's usage again from the usage as a whole. The caller holds the contract's lock FOR UPDATE.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.rebuild_usage_totals(of_contract bigint, of_month date)
RETURNS void
LANGUAGE plpgsql STRICT
SET jit = off
AS $$
BEGIN
    DELETE FROM headroom.usage_total AS t
    WHERE t.contract_id = of_contract
        AND t.month = of_month;
    INSERT INTO headroom.usage_total (
        contract_id, month, subject_kind, via_app, requests, attempted_requests, answered_requests, delivered_requests,
        attempted_subjects, answered_subjects, delivered_subjects)
    SELECT
        of_contract,
        of_month,
        k.subject_kind,
        u.via_app,
        sum(u.requests),
        sum(u.attempted_requests),
        sum(u.answered_requests),
        sum(u.delivered_requests),
        count(*) FILTER (WHERE u.attempted_requests > 0),
        count(*) FILTER (WHERE u.answered_requests > 0),
        count(*) FILTER (WHERE u.delivered_requests > 0)
    FROM headroom.usage AS u
    CROSS JOIN LATERAL (SELECT headroom.subject_kind(u.subject) AS subject_kind) AS k
    WHERE u.contract_id = of_contract
        AND u.month = of_month
    GROUP BY k.subject_kind, u.via_app;
END
$$;

-- Deletes a month's usage and makes it again from its events that are not voided, row for row as loading them leaves
-- it. The caller holds the contract's lock FOR UPDATE, so that no loader comes between. Only usage is written, and no
-- usage can be given by the caller: so the writer, who may not delete any, runs it with the owner's rights.
--   of_month: the first day of the calendar month; without a period for it, nothing is left.
-- One sort brings the events of a subject together in the order of "first"; an event is the first of the classes that
-- it has and no event before it had, and is kept with the lowest of them (see headroom.first_of). Plans are made for
-- the month at hand, so that other partitions are not opened.
CREATE FUNCTION headroom.rebuild_usage(of_contract bigint, of_month date)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, YMD'
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
DECLARE
    voided CONSTANT bigint[] := headroom.voided_batches();
    day_starts CONSTANT timestamptz[] := ARRAY(
        SELECT d.starts_at FROM headroom.period_days(of_contract, of_month) AS d ORDER BY d.bit);
    span record;
BEGIN
    DELETE FROM headroom.usage AS u
    WHERE u.contract_id = of_contract
        AND u.month = of_month;
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    INSERT INTO headroom.usage (
        contract_id, month, subject, via_app, requests, attempted_requests, answered_requests, delivered_requests,
        attempted_days, answered_days, delivered_days, last_seen, endpoints, first_attempted, first_answered,
        first_delivered)
    SELECT
        of_contract,
        of_month,
        e.subject,
        e.via_app,
        count(*),
        count(*) FILTER (WHERE e.class >= 'attempted'),
        count(*) FILTER (WHERE e.class >= 'answered'),
        count(*) FILTER (WHERE e.class = 'delivered'),
        coalesce(bit_or(e.day) FILTER (WHERE e.class >= 'attempted'), 0),
        coalesce(bit_or(e.day) FILTER (WHERE e.class >= 'answered'), 0),
        coalesce(bit_or(e.day) FILTER (WHERE e.class = 'delivered'), 0),
        max(e.occurred_at),
        bit_or(headroom.endpoint_bit(e.endpoint)),
        (array_agg(e.evidence) FILTER (WHERE e.class >= 'attempted' AND (e.best_before >= 'attempted') IS NOT TRUE))[1],
        (array_agg(e.evidence) FILTER (WHERE e.class >= 'answered' AND e.best_before = 'attempted'))[1],
        (array_agg(e.evidence) FILTER (WHERE e.class = 'delivered' AND e.best_before = 'answered'))[1]
    FROM (
        SELECT
            f.subject,
            f.via_app,
            f.class,
            f.occurred_at,
            f.endpoint,
            1::bigint << (width_bucket(f.occurred_at, day_starts) - 1) AS day,
            f.best_before,
            CASE WHEN f.class > 'not_attempted' AND (f.best_before >= f.class) IS NOT TRUE THEN
                ROW(f.occurred_at, f.source, f.event_id, f.class, f.batch_id, f.app, f.label)::headroom.first_event
            END AS evidence
        FROM (
            SELECT
                v.*,
                max(v.class) OVER (
                    PARTITION BY v.subject, v.via_app
                    ORDER BY v.occurred_at, v.source, v.event_id, v.class
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best_before
            FROM headroom.event AS v
            WHERE v.contract_id = of_contract
                AND v.occurred_at >= span.starts_at
                AND v.occurred_at < span.ends_at
                AND v.batch_id <> ALL (voided)
        ) AS f
    ) AS e
    GROUP BY e.subject, e.via_app;
    PERFORM headroom.rebuild_usage_totals(of_contract, of_month);
END
$$;

REVOKE ALL ON FUNCTION headroom.rebuild_usage(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION headroom.rebuild_usage(bigint, date) TO headroom_writer;
