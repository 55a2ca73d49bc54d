-- SPDX-License-Identifier: MIT
-- The gate for new handles: whether a request of a handle that is not counted yet may pass when a month is near its
-- limit. What is counted already and what was let through and is not counted yet are read in one statement, so by one
-- view of the data: a handle is in one of the two while loaders go on beside it, and only those who ask keep each other
-- out.

-- Up to when a source of a contract has delivered, as its reader says; -infinity: it has said nothing.
CREATE FUNCTION headroom.said_until(of_contract bigint, of_source text)
RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT coalesce(max(u.until), '-infinity')
        FROM headroom.source_until AS u
        WHERE u.contract_id = of_contract
            AND u.source = of_source);
END
$$;

-- The passes of a month of which an event may still come: their source has not delivered all up to after the last
-- request that passed. From the question to the request's place in the spool it takes a moment, for which ten seconds
-- are more than enough; a clock that was set back since does not end a pass before its time.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.open_passes(of_contract bigint, of_month date)
RETURNS TABLE (subject text, owner text, source text, passed_at timestamptz)
LANGUAGE plpgsql STABLE STRICT ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.subject, headroom.owner_at(of_contract, p.subject, p.passed_at), p.source, p.passed_at
    FROM headroom.gate_pass AS p
    WHERE p.contract_id = of_contract
        AND p.month = of_month
        AND headroom.said_until(of_contract, p.source)
            <= greatest(p.passed_at + INTERVAL '10 seconds', p.until_before);
END
$$;

-- Where a month stands for some owners who want to pass.
--   of_month: the first day of the calendar month; owners: different ones.
-- Columns: unique_handles: counted; open: the owners of open passes who are not counted; counted: those of owners who
-- are.
CREATE FUNCTION headroom.gate_month(
    of_contract bigint, of_month date, owners text[],
    OUT unique_handles bigint, OUT open text[], OUT counted text[])
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    of_rule CONSTANT text := (headroom.term_of(of_contract, of_month)).counting;
    passed CONSTANT text[] := ARRAY(
        SELECT DISTINCT p.owner FROM headroom.open_passes(of_contract, of_month) AS p);
    known CONSTANT text[] := headroom.counted_of(
        of_contract, of_month, of_rule, ARRAY(SELECT unnest(owners) UNION SELECT unnest(passed)));
BEGIN
    unique_handles := headroom.month_unique_handles(of_contract, of_month);
    open := ARRAY(SELECT unnest(passed) EXCEPT SELECT unnest(known));
    counted := ARRAY(SELECT unnest(owners) INTERSECT SELECT unnest(known));
END
$$;

-- Holds the gate of a contract until the transaction ends.
CREATE FUNCTION headroom.gate_hold(of_contract bigint, now_at timestamptz)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM FROM headroom.gate_lock AS g WHERE g.contract_id = of_contract FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO headroom.gate_lock (contract_id, touched) VALUES (of_contract, now_at) ON CONFLICT DO NOTHING;
        PERFORM FROM headroom.gate_lock AS g WHERE g.contract_id = of_contract FOR UPDATE;
    END IF;
END
$$;

-- Whether somebody allowed an owner to pass in a month whatever its limit is.
--   of_month: the first day of the calendar month; at: the request's time.
CREATE FUNCTION headroom.is_allowed(of_contract bigint, of_month date, owner text, at timestamptz)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_variable
BEGIN
    RETURN EXISTS (
        SELECT
        FROM headroom.gate_allowance AS a
        WHERE a.contract_id = of_contract
            AND a.month = of_month
            AND headroom.owner_at(of_contract, a.subject, at) = owner);
END
$$;

-- Decides about requests of a contract that want to pass the gate, in their order, and keeps the passes it gives. Takes
-- the gate's lock: commit at once.
--   of_source: of the events that the requests will be; closes_at: unique handles at which the gate closes, null: the
--   contract's limit; subjects, times: of the requests; now_at: the present.
-- Columns: place: of the request, from 1; month: null under no terms; decision: 'unlimited' (no limit or no terms),
-- 'counted', 'passed', 'allowed' or 'refused'; unit_limit; unique_handles: with the open passes.
CREATE FUNCTION headroom.gate_ask(
    of_contract bigint, of_source text, closes_at bigint, subjects text[], times timestamptz[], now_at timestamptz)
RETURNS TABLE (place bigint, month date, decision text, unit_limit bigint, unique_handles bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    request record;
    asked text[];
    handles bigint;  -- of the month at hand: counted,
    open text[];     -- let through,
    counted text[];  -- and counted of those who ask
BEGIN
    PERFORM headroom.gate_hold(of_contract, now_at);
    FOR request IN
        SELECT
            r.place,
            r.subject,
            r.at,
            headroom.owner_at(of_contract, r.subject, r.at) AS owner,
            headroom.month_at(of_contract, r.at) AS month
        FROM unnest(subjects, times) WITH ORDINALITY AS r (subject, at, place)
        ORDER BY 5, 1
    LOOP
        place := request.place;
        IF month IS DISTINCT FROM request.month THEN
            month := request.month;
            unit_limit := coalesce(closes_at, headroom.unit_limit(of_contract, month));
            asked := ARRAY(
                SELECT DISTINCT headroom.owner_at(of_contract, r.subject, r.at)
                FROM unnest(subjects, times) AS r (subject, at)
                WHERE headroom.month_at(of_contract, r.at) = request.month);
            SELECT g.* INTO handles, open, counted FROM headroom.gate_month(of_contract, request.month, asked) AS g;
            PERFORM headroom.forget_passes(of_contract, request.month, open);
        END IF;
        unique_handles := handles + cardinality(open);
        decision := CASE
            WHEN month IS NULL OR unit_limit IS NULL THEN 'unlimited'
            WHEN request.owner = ANY (counted) THEN 'counted'
            WHEN request.owner = ANY (open) OR unique_handles < unit_limit THEN 'passed'
            WHEN headroom.is_allowed(of_contract, request.month, request.owner, request.at) THEN 'allowed'
            ELSE 'refused'
        END;
        IF decision IN ('passed', 'allowed') THEN
            PERFORM headroom.give_pass(of_contract, request.month, request.subject, of_source, request.at);
            IF request.owner <> ALL (open) THEN
                open := open || request.owner;
                unique_handles := unique_handles + 1;
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Keeps that a request of a subject passed.
CREATE FUNCTION headroom.give_pass(
    of_contract bigint, of_month date, of_subject text, of_source text, at timestamptz)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO headroom.gate_pass AS p (contract_id, month, subject, source, passed_at, until_before)
    VALUES (of_contract, of_month, of_subject, of_source, at, headroom.said_until(of_contract, of_source))
    ON CONFLICT (contract_id, month, subject, source) DO UPDATE SET
        passed_at = greatest(p.passed_at, excluded.passed_at),
        until_before = greatest(p.until_before, excluded.until_before);
END
$$;

-- Drops the passes of a month that are settled, which are those of other owners than the open ones, and what is left of
-- months long over. Under the gate's lock.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.forget_passes(of_contract bigint, of_month date, open text[])
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    DELETE FROM headroom.gate_pass AS p
    WHERE p.contract_id = of_contract
        AND (p.month = of_month AND headroom.owner_at(of_contract, p.subject, p.passed_at) <> ALL (open)
            OR p.month < of_month - INTERVAL '2 months');
END
$$;

-- The open month of each contract, for who keeps the counted handles in memory.
-- Columns: contract; month; starts_at, ends_at: half-open; unit_limit: null: none; version: another text where what is
-- counted may have become less, or terms have changed. No row where the contract has no terms now.
CREATE FUNCTION headroom.gate_months(now_at timestamptz)
RETURNS TABLE (
    contract_id bigint, contract text, month date, starts_at timestamptz, ends_at timestamptz, unit_limit bigint,
    version text)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        c.contract_id,
        c.name,
        p.month,
        p.starts_at,
        p.ends_at,
        headroom.unit_limit(c.contract_id, p.month),
        concat_ws(' ', p.month, p.starts_at, p.ends_at,
            (SELECT max(v.version_id) FROM headroom.contract_version AS v WHERE v.contract_id = c.contract_id),
            (SELECT max(b.change_id) FROM headroom.batch_change AS b),
            (SELECT max(i.batch_id) FROM headroom.identity_claim AS i))
    FROM headroom.contract AS c
    CROSS JOIN LATERAL headroom.period(c.contract_id, headroom.month_at(c.contract_id, now_at)) AS p
    ORDER BY c.name;
END
$$;

-- The owners that count in a month under its terms' rule, but for handles of which no user is known: whose request
-- passes without a question.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.gate_counted(of_contract bigint, of_month date)
RETURNS TABLE (owner text)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN QUERY
    SELECT o.owner
    FROM headroom.owners_on(of_contract, of_month, (headroom.term_of(of_contract, of_month)).counting, -1) AS o
    WHERE o.owner NOT LIKE '@%';
END
$$;

-- Breaks the glass: lets a handle pass in a month whatever its limit is, on record. Refused (HR001) where the month is
-- not open, and for a handle that was allowed before.
--   of_month: the first day of the calendar month; of_subject: '@handle', a user id's digits, or '~' and a digest; at,
--   by_whom: when and by whom.
CREATE FUNCTION headroom.gate_allow(
    of_contract bigint, of_month date, of_subject text, reason text, at timestamptz, by_whom text)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    state CONSTANT text := headroom.month_state(of_contract, of_month, at);
    earlier record;
BEGIN
    IF state IS NULL OR state <> 'open' THEN
        PERFORM headroom.refuse(
            format('%s is %s: nothing passes the gate in it any more', to_char(of_month, 'YYYY-MM'),
                coalesce(state, 'under no terms')),
            'Allow the handle in the open month, which is the one without --month.');
    END IF;
    SELECT a.allowed_by, a.allowed_at, a.reason
    INTO earlier
    FROM headroom.gate_allowance AS a
    WHERE a.contract_id = of_contract
        AND a.month = of_month
        AND a.subject = of_subject;
    IF FOUND THEN
        PERFORM headroom.refuse(
            format('%s was allowed in %s already, by %s on %s: %s', of_subject, to_char(of_month, 'YYYY-MM'),
                earlier.allowed_by, to_char(earlier.allowed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), earlier.reason),
            'Nothing needs to be done; ''headroom gate list'' shows who may pass.');
    END IF;
    INSERT INTO headroom.gate_allowance (contract_id, month, subject, reason, allowed_at, allowed_by)
    VALUES (of_contract, of_month, of_subject, reason, at, by_whom);
END
$$;

-- What the gate decided about a month's requests, handle by handle: whom it kept out, whom it would have kept out, who
-- came by while it got no answer.
--   of_month: the first day of the calendar month.
-- Columns: subject; decision: as in gateway_gate; decisions: how many; last_at: of the last one's request.
-- A request names its contract, or there was only one.
CREATE FUNCTION headroom.gate_decisions(of_contract bigint, of_month date)
RETURNS TABLE (subject text, decision text, decisions bigint, last_at timestamptz)
LANGUAGE plpgsql STABLE STRICT ROWS 100
AS $$
#variable_conflict use_column
DECLARE
    span record;
BEGIN
    SELECT p.starts_at, p.ends_at
    INTO span
    FROM headroom.period(of_contract, of_month) AS p;
    RETURN QUERY
    SELECT g.subject, g.decision, count(*), max(g.decided_at)
    FROM headroom.gateway_gate AS g
    WHERE g.decided_at >= span.starts_at
        AND g.decided_at < span.ends_at
        AND (SELECT c.name FROM headroom.contract AS c WHERE c.contract_id = of_contract) = g.contract
    GROUP BY g.subject, g.decision;
END
$$;

-- A decision of the gate for a person.
CREATE FUNCTION headroom.gate_words(decision text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE decision
        WHEN 'allowed' THEN 'may pass'
        WHEN 'passed' THEN 'passed, not counted yet'
        WHEN 'refused' THEN 'refused'
        WHEN 'observed' THEN 'would have been refused'
        WHEN 'offline_passed' THEN 'passed without an answer'
        WHEN 'offline_refused' THEN 'refused without an answer'
        ELSE decision
    END
$$;

-- Allowances, open passes and decisions of a month, one row a handle and kind, in the order of place.
--   of_month: the first day of the calendar month.
-- Columns: place; kind: 'allowed', 'passed', or as in gate_decisions; kind_words; subject; at: when it was allowed, or
-- the time of the last request; decisions: how many, null of the first two kinds; source: of an open pass; reason,
-- by_whom: of an allowance.
CREATE FUNCTION headroom.gate_list(of_contract bigint, of_month date)
RETURNS TABLE (
    place integer, kind text, kind_words text, subject text, at timestamptz, decisions bigint, source text,
    reason text, by_whom text)
LANGUAGE plpgsql STABLE STRICT ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 1, 'allowed', headroom.gate_words('allowed'), a.subject, a.allowed_at, NULL::bigint, NULL, a.reason,
        a.allowed_by
    FROM headroom.gate_allowance AS a
    WHERE a.contract_id = of_contract
        AND a.month = of_month
    UNION ALL
    SELECT 2, 'passed', headroom.gate_words('passed'), p.subject, p.passed_at, NULL, p.source, NULL, NULL
    FROM headroom.open_passes(of_contract, of_month) AS p
    WHERE cardinality(headroom.counted_of(
        of_contract, of_month, (headroom.term_of(of_contract, of_month)).counting, ARRAY[p.owner])) = 0
    UNION ALL
    SELECT 3, d.decision, headroom.gate_words(d.decision), d.subject, d.last_at, d.decisions, NULL, NULL, NULL
    FROM headroom.gate_decisions(of_contract, of_month) AS d;
END
$$;
