-- SPDX-License-Identifier: MIT
-- Closing a month: what must hold first, the seal, and the way back.

-- Whether a link's content digest is that of what it is about; false where that is gone. Of a kind that is not listed
-- here only a full proof of the ledger knows.
CREATE FUNCTION headroom.link_holds(kind text, subject_id bigint, content_digest bytea)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    form text;
BEGIN
    CASE
        WHEN kind IN ('batch', 'identities') THEN form := headroom.batch_form(subject_id);
        WHEN kind = 'terms' THEN form := headroom.term_form(subject_id);
        WHEN kind = 'contract' THEN form := headroom.contract_form(subject_id);
        WHEN kind IN ('void', 'restore', 'withdrawal') THEN form := headroom.change_form(subject_id);
        WHEN kind = 'close' THEN form := headroom.seal_form(subject_id);
        WHEN kind = 'reopen' THEN form := headroom.reopening_form(subject_id);
        WHEN kind = 'invoice' THEN form := headroom.invoice_form(subject_id);
        WHEN kind = 'invoice-status' THEN form := headroom.invoice_decision_form(subject_id);
        WHEN kind = 'invoice-handles' THEN form := headroom.invoice_list_form(subject_id);
        ELSE RETURN true;
    END CASE;
    RETURN coalesce(sha256(convert_to(form, 'UTF8')) = content_digest, false);
EXCEPTION
    WHEN no_data_found THEN
        RETURN false;
END
$$;

-- The first link of the chain after another one that does not hold: its digest is not that of its values, it does not
-- follow on the one before, or what it is about was changed. Null where all hold, up to the head.
--   after_seq: the link before the first one that is looked at; 0: all.
CREATE FUNCTION headroom.chain_fault(after_seq bigint)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        WITH link AS (
            SELECT
                l.*,
                lag(l.seq, 1, 0::bigint) OVER (ORDER BY l.seq) AS seq_before,
                lag(l.digest, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY l.seq) AS digest_before
            FROM headroom.chain AS l
            WHERE l.seq >= after_seq
        )
        SELECT min(fault.seq)
        FROM (
            SELECT l.seq
            FROM link AS l
            WHERE l.seq > after_seq
                AND (l.seq <> l.seq_before + 1
                    OR l.previous_digest <> l.digest_before
                    OR l.digest <> headroom.chain_digest(
                        l.seq, l.kind, l.subject_id, l.content_digest, l.previous_digest, l.linked_at)
                    OR NOT headroom.link_holds(l.kind, l.subject_id, l.content_digest))
            UNION ALL
            SELECT h.seq
            FROM headroom.chain_head AS h
            WHERE h.seq > 0
                AND NOT EXISTS (SELECT FROM headroom.chain AS l WHERE l.seq = h.seq AND l.digest = h.digest)
        ) AS fault);
END
$$;

-- The sources that must have been heard from since a month's end, by the rules of month_sources: those that are active.
-- Columns: source; delivered_until; heard: whether it delivered up to the period's end.
CREATE FUNCTION headroom.close_sources(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (source text, delivered_until timestamptz, heard boolean)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.source, s.delivered_until, s.delivered_until >= p.ends_at
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN headroom.month_sources(of_contract, of_month, now_at) AS s
    WHERE s.is_active;
END
$$;

-- The lines that were in quarantine and may belong to a month: of batches that touch it, and of batches of nothing but
-- such lines that were taken in from the month's start until 31 days after its end.
--   of_month: the first day of the calendar month.
-- Columns: batch_id: that met the line first; reason; raw; settled_by: the batch that read it in the end, null while it
-- is in quarantine.
CREATE FUNCTION headroom.month_refusals(of_contract bigint, of_month date)
RETURNS TABLE (batch_id bigint, reason text, raw bytea, settled_by bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT q.batch_id, q.reason, q.raw, s.batch_id
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN headroom.quarantine AS q
    JOIN headroom.batch AS b ON b.batch_id = q.batch_id
    LEFT JOIN headroom.quarantine_settled AS s ON s.quarantine_id = q.quarantine_id
    WHERE q.batch_id IN (SELECT m.batch_id FROM headroom.month_batches(of_contract, of_month) AS m)
        OR (b.loaded_at >= p.starts_at
            AND b.loaded_at < p.ends_at + INTERVAL '31 days'
            AND NOT EXISTS (SELECT FROM headroom.batch_source AS o WHERE o.batch_id = q.batch_id));
END
$$;

-- Those that are in quarantine still.
CREATE FUNCTION headroom.month_quarantined_lines(of_contract bigint, of_month date)
RETURNS TABLE (raw bytea)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.raw
    FROM headroom.month_refusals(of_contract, of_month) AS r
    WHERE r.settled_by IS NULL;
END
$$;

-- How many these are.
CREATE FUNCTION headroom.month_quarantined(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (SELECT count(*) FROM headroom.month_quarantined_lines(of_contract, of_month));
END
$$;

-- Months as a text: "2025-11, 2026-01 to 2026-03". They must be in order and different; null where there is none.
CREATE FUNCTION headroom.months_text(months date[])
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT string_agg(
        to_char(run.first_month, 'YYYY-MM')
            || CASE WHEN run.last_month > run.first_month THEN to_char(run.last_month, '" to "YYYY-MM') ELSE '' END,
        ', ' ORDER BY run.first_month)
    FROM (
        SELECT min(m.month) AS first_month, max(m.month) AS last_month
        FROM unnest(months) WITH ORDINALITY AS m (month, place)
        GROUP BY m.month - make_interval(months => m.place::integer)
    ) AS run
$$;

-- What must hold, and what a person should know, before a month is closed; in one view of the ledger.
--   of_month: the first day of the calendar month; now_at: the present; without: sources that are not waited for.
-- Columns: name; blocks: whether a failure keeps the month open; may_be_forced: unless somebody says why it may not;
-- state: pass, warn or fail; words: what was found. In a fixed order. Reads the month's events.
CREATE FUNCTION headroom.close_checklist(of_contract bigint, of_month date, now_at timestamptz, without text[])
RETURNS TABLE (name text, blocks boolean, may_be_forced boolean, state text, words text)
LANGUAGE plpgsql STABLE STRICT ROWS 11
AS $$
#variable_conflict use_column
DECLARE
    voided CONSTANT bigint[] := headroom.voided_batches();
    proved CONSTANT bigint NOT NULL := coalesce(
        (SELECT max(l.seq) - 1 FROM headroom.chain AS l WHERE l.kind = 'close'), 0);
    unknown CONSTANT text := (
        SELECT min(w.source)
        FROM unnest(without) AS w (source)
        WHERE w.source NOT IN (
            SELECT t.source FROM headroom.source_total AS t WHERE t.contract_id = of_contract
            UNION ALL
            SELECT u.source FROM headroom.source_until AS u WHERE u.contract_id = of_contract
            UNION ALL
            SELECT b.source
            FROM headroom.batch_source AS b
            WHERE b.contract_id = of_contract
                AND b.batch_id = ANY (voided)));
BEGIN
    IF unknown IS NOT NULL THEN
        PERFORM headroom.refuse(
            format('the contract has no source ''%s''', unknown), '''headroom sources'' lists them');
    END IF;
    RETURN QUERY
    WITH seal AS (
        SELECT s.closed_at, s.closed_by
        FROM headroom.seal_in_force AS s
        WHERE s.contract_id = of_contract
            AND s.month = of_month
    ),
    totals AS (
        SELECT
            count(*) AS every,
            string_agg(format('%s: expected %s, found %s', c.name, c.expected, c.found), '; ')
                FILTER (WHERE c.state = 'fail') AS differing
        FROM headroom.month_checks(of_contract, of_month) AS c
    ),
    recounted AS (
        SELECT string_agg(
            format('%s: %s from the events, %s as maintained', r.rule, r.unique_handles, m.unique_handles), '; '
            ORDER BY r.rule COLLATE "C") FILTER (WHERE r.unique_handles <> m.unique_handles) AS differing
        FROM headroom.recount(of_contract, of_month) AS r
        JOIN headroom.spread(of_contract, of_month) AS m USING (rule)
    ),
    source AS (
        SELECT
            count(*) AS every,
            string_agg(
                format('%s (last %s)', s.source,
                    to_char(s.delivered_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), ', '
                ORDER BY s.source COLLATE "C") FILTER (WHERE NOT s.heard AND s.source <> ALL (without)) AS silent,
            string_agg(s.source, ', ' ORDER BY s.source COLLATE "C")
                FILTER (WHERE NOT s.heard AND s.source = ANY (without)) AS left_out
        FROM headroom.close_sources(of_contract, of_month, now_at) AS s
    ),
    earlier AS (
        SELECT headroom.months_text(array_agg(d.month ORDER BY d.month)) AS months
        FROM (
            SELECT DISTINCT d.month
            FROM headroom.daily AS d
            WHERE d.contract_id = of_contract
                AND d.month < of_month
        ) AS d
        WHERE headroom.month_state(of_contract, d.month, now_at) <> 'closed'
    ),
    pairs AS (
        SELECT
            max(c.found) FILTER (WHERE c.name = 'events that share an id') AS every,
            max(c.found) FILTER (WHERE c.name = 'of these without one owner') AS unresolved
        FROM headroom.pair_checks(of_contract, of_month) AS c
    )
    SELECT
        c.name,
        c.blocks,
        c.may_be_forced,
        CASE WHEN c.holds THEN 'pass' WHEN c.blocks THEN 'fail' ELSE 'warn' END,
        c.words
    FROM headroom.period(of_contract, of_month) AS p
    CROSS JOIN headroom.month_status_today(of_contract, of_month, now_at) AS status
    CROSS JOIN (SELECT headroom.chain_fault(proved) AS fault) AS chain
    CROSS JOIN (SELECT headroom.month_quarantined(of_contract, of_month) AS lines) AS quarantine
    CROSS JOIN totals
    CROSS JOIN recounted
    CROSS JOIN source
    CROSS JOIN earlier
    CROSS JOIN pairs
    LEFT JOIN seal ON true
    CROSS JOIN LATERAL (VALUES
        (1, 'the month is over', true, false, p.ends_at <= now_at,
            format('ends at %s', to_char(p.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))),
        (2, 'it is not closed', true, false, seal.closed_at IS NULL,
            coalesce(
                'closed on ' || to_char(seal.closed_at AT TIME ZONE p.time_zone, 'YYYY-MM-DD') || ' by '
                    || seal.closed_by,
                'no seal holds')),
        (3, 'control totals', true, true, totals.differing IS NULL,
            coalesce(totals.differing, format('%s figures agree, each found in two ways', totals.every))),
        (4, 'recount', true, true, recounted.differing IS NULL,
            coalesce(recounted.differing, format('%s unique handles, from the events too', status.unique_handles))),
        (5, 'chain', true, true, chain.fault IS NULL,
            coalesce(
                'link ' || chain.fault || ' does not hold; ''headroom verify'' says what was changed',
                CASE
                    WHEN proved = 0 THEN 'every link holds'
                    ELSE format('every link after link %s holds', proved)
                END)),
        (6, 'sources', source.every > 0, true, source.every > 0 AND source.silent IS NULL,
            concat_ws('; ',
                'not heard from since the period''s end: ' || source.silent,
                'not waited for: ' || source.left_out,
                CASE
                    WHEN source.every = 0 THEN 'none has delivered'
                    WHEN source.silent IS NULL AND source.left_out IS NULL
                        THEN format('%s, heard from since the period''s end', source.every)
                END)),
        (7, 'quarantine', false, true, quarantine.lines = 0, format('%s lines', quarantine.lines)),
        (8, 'gaps', false, true, status.completeness IN ('complete', 'unknown'),
            concat_ws(': ', status.completeness_words, headroom.days_text(NULLIF(status.low_days, '{}')))),
        (9, 'provisional subjects', false, true, status.provisional = 0, status.provisional::text),
        (10, 'events that share an id', false, true, pairs.every = 0,
            format('%s pairs, %s of them without one owner', pairs.every, pairs.unresolved)),
        (11, 'earlier months', false, true, earlier.months IS NULL,
            coalesce('not closed: ' || earlier.months, 'none is left open'))
    ) AS c (ordinal, name, blocks, may_be_forced, holds, words)
    ORDER BY c.ordinal;
END
$$;

-- Writes down the owners that a month counts now, and those that it does not, for a seal that is to come; returns its
-- number. The caller holds the contract and the chain's head, so that nothing that could change them comes between.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.add_seal_owners(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STRICT
SET enable_nestloop = off
SET enable_mergejoin = off
AS $$
DECLARE
    rule CONSTANT text NOT NULL := (headroom.term_of(of_contract, of_month)).counting;
    new_seal CONSTANT bigint NOT NULL := nextval(pg_get_serial_sequence('headroom.seal', 'seal_id'));
BEGIN
    INSERT INTO headroom.seal_owner (
        seal_id, owner, subject, handle, provisional, first_seen, last_seen, requests, counted_requests, days, label,
        app, first_source, first_id, first_batch, endpoints, returns)
    SELECT
        new_seal, o.owner, o.subject, o.handle, o.provisional, o.first_seen, o.last_seen, o.requests,
        o.counted_requests, o.days, o.label, o.app, o.first_source, o.first_id, o.first_batch, o.endpoints,
        r.owner IS NOT NULL
    FROM headroom.counted(of_contract, of_month, rule) AS o
    LEFT JOIN headroom.returned_owners(of_contract, of_month) AS r ON r.owner = o.owner;
    INSERT INTO headroom.seal_uncounted (seal_id, subject, handle, reason, requests, last_seen, endpoints)
    SELECT new_seal, u.owner, u.handle, u.reason, u.requests, u.last_seen, u.endpoints
    FROM headroom.uncounted(of_contract, of_month, rule) AS u;
    RETURN new_seal;
END
$$;

-- Seals a month whose owners add_seal_owners wrote down, in the same transaction, and carries what earlier closed
-- months differ by. Returns the chain's new head; last in its transaction.
--   new_seal: what add_seal_owners returned; now_at: the present; statement, checklist: JSON; forced_because: null
--   where no check had to be overridden.
CREATE FUNCTION headroom.add_seal(
    new_seal bigint, of_contract bigint, of_month date, now_at timestamptz, owners_digest bytea, statement text,
    checklist text, forced_because text, by_whom text)
RETURNS bytea
LANGUAGE plpgsql
AS $$
DECLARE
    listed CONSTANT bigint NOT NULL := (
        SELECT count(*) FROM headroom.seal_owner AS o WHERE o.seal_id = new_seal);
    counted bigint;
BEGIN
    -- One statement, so that what is carried is found before this seal is there.
    WITH sealed AS (
        INSERT INTO headroom.seal (
            seal_id, contract_id, month, period_start, period_end, time_zone, version, term_id, rule, unique_handles,
            provisional, spread, unit_limit, overage, charge, currency, requests, counted_requests, as_of, data_until,
            completeness, completeness_words, low_days, day_requests, owners_digest, statement, chain_seq, chain_digest,
            checklist, forced_because, closed_at, closed_by, uncounted)
        SELECT
            new_seal,
            of_contract,
            of_month,
            s.period_start,
            s.period_end,
            s.time_zone,
            coalesce((SELECT max(v.version) FROM headroom.contract_version AS v WHERE v.contract_id = of_contract), 0),
            p.term_id,
            s.rule,
            s.unique_handles,
            s.provisional,
            s.spread,
            s.unit_limit,
            s.overage,
            s.charge::numeric,
            s.currency,
            s.requests,
            s.counted_requests,
            s.as_of,
            s.data_until,
            s.completeness,
            s.completeness_words,
            s.low_days,
            headroom.day_requests(of_contract, of_month),
            add_seal.owners_digest,
            add_seal.statement,
            h.seq,
            h.digest,
            add_seal.checklist,
            add_seal.forced_because,
            now_at,
            by_whom,
            (SELECT count(*) FROM headroom.seal_uncounted AS u WHERE u.seal_id = new_seal)
        FROM headroom.month_status_today(of_contract, of_month, now_at) AS s
        CROSS JOIN headroom.period(of_contract, of_month) AS p
        CROSS JOIN headroom.chain_head AS h
        RETURNING unique_handles
    ),
    carried AS (
        INSERT INTO headroom.adjustment (carried_by, seal_id, unique_handles, amount, currency)
        SELECT new_seal, d.seal_id, d.unique_handles, d.amount, d.currency
        FROM headroom.derived_adjustments(of_contract, of_month) AS d
    )
    SELECT s.unique_handles
    INTO STRICT counted
    FROM sealed AS s;
    IF counted <> listed THEN
        RAISE EXCEPTION 'the list has % handles and the count % of them', listed, counted
            USING HINT = 'headroom reconcile --recount says which of the two is wrong; nothing was closed';
    END IF;
    RETURN headroom.chain_append(
        'close', new_seal, sha256(convert_to(headroom.seal_form(new_seal), 'UTF8')), now_at);
END
$$;

-- Opens a closed month again; returns the chain's new head, or null where it is not closed. The caller holds the
-- contract, and has asked whether a later closed month carries an adjustment of it (carriers_of).
CREATE FUNCTION headroom.reopen_month(
    of_contract bigint, of_month date, reason text, now_at timestamptz, by_whom text)
RETURNS bytea
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    broken CONSTANT bigint := (headroom.seal_of(of_contract, of_month)).seal_id;
BEGIN
    IF broken IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO headroom.reopening (seal_id, reason, reopened_at, reopened_by)
    VALUES (broken, reason, now_at, by_whom);
    RETURN headroom.chain_append(
        'reopen', broken, sha256(convert_to(headroom.reopening_form(broken), 'UTF8')), now_at);
END
$$;

-- The closed months that carry an adjustment of a closed month, as text: "2026-11, 2026-12"; null where none does.
CREATE FUNCTION headroom.carriers_of(of_contract bigint, of_month date)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT string_agg(to_char(c.month, 'YYYY-MM'), ', ' ORDER BY c.month)
        FROM headroom.seal_in_force AS s
        JOIN headroom.adjustment AS a ON a.seal_id = s.seal_id
        JOIN headroom.seal_in_force AS c ON c.seal_id = a.carried_by
        WHERE s.contract_id = of_contract
            AND s.month = of_month);
END
$$;
