-- SPDX-License-Identifier: MIT
-- The one way in which a contract comes to be and changes: its whole new document takes the place of the one before.

-- The first month that terms act in: the first whose billing day is not before their date.
CREATE FUNCTION headroom.first_month(valid_from date, billing_day integer)
RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN headroom.billing_date(m.month, billing_day) >= valid_from THEN m.month
        ELSE (m.month + INTERVAL '1 month')::date
    END
    FROM (SELECT date_trunc('month', valid_from::timestamp)::date) AS m (month)
$$;

-- The months that a contract has events or seals in, and one before and after; nulls where it has none.
CREATE FUNCTION headroom.contract_span(of_contract bigint, OUT first_month date, OUT last_month date)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    -- No zone is further than a day from UTC, and no period longer than 63 days.
    SELECT
        (date_trunc('month', min(s.first_at) AT TIME ZONE 'UTC') - INTERVAL '3 months')::date,
        (date_trunc('month', max(s.last_at) AT TIME ZONE 'UTC') + INTERVAL '3 months')::date
    INTO first_month, last_month
    FROM (
        SELECT min(b.first_event), max(b.last_event)
        FROM headroom.batch_source AS b
        WHERE b.contract_id = of_contract
        UNION ALL
        SELECT min(s.period_start), max(s.period_end)
        FROM headroom.seal AS s
        WHERE s.contract_id = of_contract
    ) AS s (first_at, last_at);
END
$$;

-- What a contract's months are made of, as an object: month to {terms: without their date, spans: the covered and the
-- whole time, zone}. Two calendars of a contract are compared value by value.
CREATE FUNCTION headroom.contract_calendar(of_contract bigint, from_month date, to_month date)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET TimeZone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT coalesce(
            jsonb_object_agg(
                m.month::date,
                jsonb_build_object(
                    'terms', headroom.term_document(t.term_id)::jsonb - 'from', 'covered_from', p.starts_at,
                    'covered_to', p.ends_at, 'starts_at', headroom.whole_start(of_contract, m.month::date),
                    'ends_at', headroom.whole_start(of_contract, (m.month + INTERVAL '1 month')::date),
                    'zone', t.time_zone)),
            '{}')
        FROM generate_series(from_month::timestamp, to_month::timestamp, INTERVAL '1 month') AS m (month)
        CROSS JOIN LATERAL headroom.term_of(of_contract, m.month::date) AS t
        LEFT JOIN LATERAL headroom.period(of_contract, m.month::date) AS p ON true);
END
$$;

-- Refuses what the billing calendar cannot have: terms that act from the same month as others, a period of less than
-- 24 hours or of more than 63 days, an end before the start.
CREATE FUNCTION headroom.check_calendar(of_contract bigint)
RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    terms record;
    before_month date;
    ends_on CONSTANT date := (SELECT c.ends_on FROM headroom.contract AS c WHERE c.contract_id = of_contract);
    starts_at timestamptz;
    ends_at timestamptz;
    last_bit_at timestamptz;
BEGIN
    FOR terms IN
        SELECT
            row_number() OVER by_date - 1 AS place,
            t.valid_from,
            lag(t.valid_from) OVER by_date AS before_from,
            -- The first terms also hold for the period that they begin in the middle of.
            CASE WHEN row_number() OVER by_date > 1 THEN headroom.first_month(t.valid_from, t.billing_day)
                ELSE (headroom.first_month(t.valid_from + 1, t.billing_day) - INTERVAL '1 month')::date
            END AS month
        FROM headroom.term_in_force AS t
        WHERE t.contract_id = of_contract
        WINDOW by_date AS (ORDER BY t.valid_from)
        ORDER BY t.valid_from
    LOOP
        IF terms.month <= before_month THEN
            PERFORM headroom.refuse(
                format('/terms/%s/from: terms overlap: those from %s would act from %s, and those from %s not at all',
                    terms.place, terms.valid_from, to_char(terms.month, 'YYYY-MM'), terms.before_from),
                'Terms act from the first billing month that begins on their date or after it; give each a month.');
        END IF;
        before_month := terms.month;
        ends_at := headroom.whole_start(of_contract, terms.month);
        starts_at := headroom.whole_start(of_contract, (terms.month - INTERVAL '1 month')::date);
        last_bit_at := (
            SELECT headroom.day_start(
                t.time_zone,
                headroom.billing_date((terms.month - INTERVAL '1 month')::date, t.billing_day) + 63)
            FROM headroom.term_of(of_contract, (terms.month - INTERVAL '1 month')::date) AS t);
        IF terms.place > 0 AND (ends_at < starts_at + INTERVAL '24 hours' OR ends_at > last_bit_at) THEN
            PERFORM headroom.refuse(
                format('/terms/%s: with these terms the billing month %s would be %s', terms.place,
                    to_char(terms.month - INTERVAL '1 month', 'YYYY-MM'),
                    CASE WHEN ends_at > last_bit_at THEN 'longer than 63 days' ELSE 'shorter than 24 hours' END),
                'Choose another billing day, or let them begin a month later.');
        END IF;
        IF ends_on <= terms.valid_from THEN
            PERFORM headroom.refuse(
                format('/end: the contract ends on %s, but it has terms from %s', ends_on, terms.valid_from),
                'The end is the first day that is no longer covered; leave out terms that begin on it or later.');
        END IF;
    END LOOP;
END
$$;

-- Refuses a change of closed months: terms that begin in one, another currency, an edge of one that moves because of
-- the month after it, and one that would be cut. A closed month that a change only reaches gets an adjustment.
--   before, after: the contract's calendar.
CREATE FUNCTION headroom.check_closed_months(of_contract bigint, before jsonb, after jsonb)
RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    closed record;
BEGIN
    FOR closed IN
        SELECT
            to_char(s.month, 'YYYY-MM') AS name,
            s.currency,
            o.month AS old,
            n.month AS new,
            o.before ->> 'covered_from' IS NULL OR o.before -> 'terms' = n.before -> 'terms' AS begins,
            o.month -> 'terms' <> n.month -> 'terms' AS differs
        FROM headroom.seal_in_force AS s
        CROSS JOIN LATERAL (
            SELECT before -> s.month::text, before -> (s.month - INTERVAL '1 month')::date::text
        ) AS o (month, before)
        CROSS JOIN LATERAL (
            SELECT after -> s.month::text, after -> (s.month - INTERVAL '1 month')::date::text
        ) AS n (month, before)
        WHERE s.contract_id = of_contract
        ORDER BY s.month
    LOOP
        IF closed.differs AND closed.begins THEN
            PERFORM headroom.refuse(
                format('%s is closed: terms cannot begin to be others in it', closed.name),
                'Amend from a later month, or reopen it first.');
        END IF;
        IF closed.new -> 'terms' ->> 'currency' <> closed.currency THEN
            PERFORM headroom.refuse(
                format('%s is closed with a charge in %s: terms in %s from an earlier month would reach it',
                    closed.name, closed.currency, closed.new -> 'terms' ->> 'currency'),
                'Amend from a later month, or reopen it first.');
        END IF;
        IF NOT closed.differs AND closed.old -> 'ends_at' <> closed.new -> 'ends_at' THEN
            PERFORM headroom.refuse(
                format('%s is closed, and another billing day or zone after it would move its end', closed.name),
                'Amend from a later month, or reopen it first.');
        END IF;
        IF closed.new ->> 'covered_from' IS NULL
            OR (closed.new -> 'starts_at' = closed.old -> 'starts_at'
                AND closed.new ->> 'covered_from' > closed.old ->> 'covered_from')
            OR (closed.new -> 'ends_at' = closed.old -> 'ends_at'
                AND closed.new ->> 'covered_to' < closed.old ->> 'covered_to')
        THEN
            PERFORM headroom.refuse(
                format('%s is closed: the contract must cover all of it as before', closed.name),
                'Let the contract begin no later and end no earlier, or reopen the month first.');
        END IF;
    END LOOP;
END
$$;

-- Writes terms down as a document has them; returns their id.
CREATE FUNCTION headroom.add_terms(of_contract bigint, document jsonb, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    pricing CONSTANT jsonb NOT NULL := document -> 'pricing';
    new_term bigint;
BEGIN
    INSERT INTO headroom.term AS t (
        contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing, package_size, fee,
        minimum, cap, tolerance_units, tolerance_cliff, proration, created_at, created_by)
    VALUES (
        of_contract, (document ->> 'from')::date, document ->> 'time_zone', (document ->> 'billing_day')::smallint,
        document ->> 'counting', (document ->> 'limit')::bigint, document ->> 'currency',
        (pricing ->> 'model')::headroom.pricing_model, (pricing ->> 'size')::bigint, (document ->> 'fee')::numeric,
        (document ->> 'minimum')::numeric, (document ->> 'cap')::numeric,
        (document -> 'tolerance' ->> 'units')::bigint, (document -> 'tolerance' ->> 'cliff')::boolean,
        (document ->> 'proration')::headroom.proration, at, by_whom)
    RETURNING t.term_id INTO new_term;
    INSERT INTO headroom.term_tier (term_id, tier, up_to, unit_price, flat_fee)
    SELECT new_term, t.tier, t.up_to, t.unit_price, t.flat_fee
    FROM unnest(headroom.document_tiers(pricing)) AS t;
    RETURN new_term;
END
$$;

-- Puts the document's apps, answers and alternatives in the place of those that a contract has.
CREATE FUNCTION headroom.replace_particulars(of_contract bigint, document jsonb)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    taken record;
BEGIN
    DELETE FROM headroom.contract_app AS a WHERE a.contract_id = of_contract;
    DELETE FROM headroom.contract_answer AS a WHERE a.contract_id = of_contract;
    DELETE FROM headroom.contract_alternative AS a WHERE a.contract_id = of_contract;
    FOR taken IN
        SELECT n.app ->> 'name' AS app, c.name
        FROM jsonb_array_elements(document -> 'apps') AS n (app)
        JOIN headroom.contract_app AS a ON a.app_key = n.app ->> 'key'
        JOIN headroom.contract AS c USING (contract_id)
    LOOP
        PERFORM headroom.refuse(
            format('/apps: the key of app %L belongs to contract %L already', taken.app, taken.name),
            'The requests of an app are of one contract: take it from the other one first.');
    END LOOP;
    INSERT INTO headroom.contract_app (app_key, contract_id, name)
    SELECT n.app ->> 'key', of_contract, n.app ->> 'name'
    FROM jsonb_array_elements(document -> 'apps') AS n (app);
    INSERT INTO headroom.contract_answer (contract_id, place, question, answer, given_on, given_by)
    SELECT
        of_contract,
        n.ordinality,
        n.answer ->> 'question',
        n.answer ->> 'answer',
        (n.answer ->> 'date')::date,
        n.answer ->> 'by'
    FROM jsonb_array_elements(document -> 'answers') WITH ORDINALITY AS n (answer, ordinality);
    INSERT INTO headroom.contract_alternative (contract_id, place, name, unit_limit, fee, pricing)
    SELECT
        of_contract,
        n.ordinality,
        n.level ->> 'name',
        (n.level ->> 'limit')::bigint,
        (n.level ->> 'fee')::numeric,
        n.level -> 'pricing'
    FROM jsonb_array_elements(document -> 'alternatives') WITH ORDINALITY AS n (level, ordinality);
END
$$;

-- Adds a version of a contract; returns its version_id. Its link comes later.
CREATE FUNCTION headroom.add_version(
    of_contract bigint, action headroom.contract_action, document json, reason text, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    new_version bigint;
BEGIN
    INSERT INTO headroom.contract_version AS n (
        contract_id, version, action, document, reason, changed_at, changed_by)
    SELECT
        of_contract,
        coalesce(max(v.version), 0) + 1,
        add_version.action,
        add_version.document::text,
        add_version.reason,
        at,
        by_whom
    FROM headroom.contract_version AS v
    WHERE v.contract_id = of_contract
    RETURNING n.version_id INTO new_version;
    RETURN new_version;
END
$$;

-- Makes a new contract without terms; returns its contract_id. Refuses a name that is taken (HR002).
CREATE FUNCTION headroom.make_contract(contract_name text, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    new_contract bigint;
BEGIN
    INSERT INTO headroom.contract AS c (name, created_at, created_by)
    VALUES (contract_name, at, by_whom)
    ON CONFLICT (name) DO NOTHING
    RETURNING c.contract_id INTO new_contract;
    IF new_contract IS NULL THEN
        PERFORM headroom.refuse(
            format('contract %L is there already', contract_name), 'Choose another name.', 'HR002');
    END IF;
    INSERT INTO headroom.contract_lock (contract_id, touched)
    VALUES (new_contract, at);
    RETURN new_contract;
END
$$;

-- Makes a contract be as its document says, all of it, on record and in the chain, with the usage of the months whose
-- time or days are others made again from the events.
--   of_contract: null makes a new one; else the caller holds its lock FOR UPDATE. document: with every key that
--   headroom.contract_document writes, its values checked. reason: null for a new one; at, by_whom: when and by whom.
-- Columns: contract_id; version: null where the contract is like that already, and then nothing was done; months: with
-- events or a seal, whose time or terms are others than before.
CREATE FUNCTION headroom.contract_apply(
    of_contract bigint, action headroom.contract_action, document json, reason text, at timestamptz, by_whom text,
    OUT contract_id bigint, OUT version integer, OUT months date[])
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    wanted CONSTANT jsonb NOT NULL := document::jsonb;
    span record;
    before jsonb;
    after jsonb;
    covered_before record;
    covered_after record;
    found_version bigint;
    new_version bigint;
    new_terms bigint[];
    touched date;
BEGIN
    contract_id := coalesce(of_contract, headroom.make_contract(wanted ->> 'name', at, by_whom));
    months := '{}';
    IF headroom.contract_document(of_contract)::jsonb = wanted THEN
        RETURN;
    END IF;
    span := headroom.contract_span(contract_id);
    before := headroom.contract_calendar(contract_id, span.first_month, span.last_month);
    covered_before := headroom.coverage(contract_id);
    IF of_contract IS NOT NULL
        AND NOT EXISTS (SELECT FROM headroom.contract_version AS v WHERE v.contract_id = of_contract)
    THEN
        found_version := headroom.add_version(
            of_contract, 'found', headroom.contract_document(of_contract), NULL, at, by_whom);
    END IF;
    new_version := headroom.add_version(contract_id, action, document, reason, at, by_whom);

    UPDATE headroom.term AS t
    SET retired_in = new_version
    FROM headroom.term_in_force AS f
    WHERE t.term_id = f.term_id
        AND f.contract_id = contract_apply.contract_id
        AND NOT EXISTS (
            SELECT
            FROM jsonb_array_elements(wanted -> 'terms') AS n (terms)
            WHERE n.terms = headroom.term_document(f.term_id)::jsonb);
    new_terms := ARRAY(
        SELECT headroom.add_terms(contract_apply.contract_id, n.terms, at, by_whom)
        FROM jsonb_array_elements(wanted -> 'terms') WITH ORDINALITY AS n (terms, ordinality)
        WHERE NOT EXISTS (
            SELECT
            FROM headroom.term_in_force AS f
            WHERE f.contract_id = contract_apply.contract_id
                AND f.valid_from = (n.terms ->> 'from')::date)
        ORDER BY n.ordinality);
    UPDATE headroom.contract AS c
    SET ends_on = (wanted ->> 'end')::date,
        notes = wanted ->> 'notes',
        dispute_days = (wanted ->> 'dispute_days')::integer
    WHERE c.contract_id = contract_apply.contract_id;
    PERFORM headroom.replace_particulars(contract_id, wanted);
    IF headroom.contract_document(contract_id)::jsonb IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'the contract would not be as its document: %', headroom.contract_document(contract_id);
    END IF;

    PERFORM headroom.check_calendar(contract_id);
    after := headroom.contract_calendar(contract_id, span.first_month, span.last_month);
    PERFORM headroom.check_closed_months(contract_id, before, after);
    FOR touched IN
        SELECT b.key::date
        FROM jsonb_each(before) AS b
        WHERE b.value - 'terms' <> (after -> b.key) - 'terms'
        ORDER BY b.key
    LOOP
        PERFORM headroom.rebuild_usage(contract_id, touched);
        PERFORM headroom.rebuild_daily(contract_id, touched);
    END LOOP;
    covered_after := headroom.coverage(contract_id);
    IF before <> '{}' AND covered_before IS DISTINCT FROM covered_after THEN
        PERFORM headroom.rebuild_daily(contract_id, NULL);
    END IF;

    months := ARRAY(
        SELECT b.key::date
        FROM jsonb_each(before) AS b
        WHERE b.value <> after -> b.key
            AND (EXISTS (
                    SELECT
                    FROM headroom.daily AS d
                    WHERE d.contract_id = contract_apply.contract_id
                        AND d.month = b.key::date)
                OR EXISTS (
                    SELECT
                    FROM headroom.seal AS s
                    WHERE s.contract_id = contract_apply.contract_id
                        AND s.month = b.key::date))
        ORDER BY b.key);
    version := (SELECT v.version FROM headroom.contract_version AS v WHERE v.version_id = new_version);
    IF found_version IS NOT NULL THEN
        PERFORM headroom.chain_append('contract', found_version, headroom.contract_content(found_version), at);
    END IF;
    PERFORM headroom.chain_append('terms', n.term_id, headroom.term_content(n.term_id), at)
    FROM unnest(new_terms) AS n (term_id);
    PERFORM headroom.chain_append('contract', new_version, headroom.contract_content(new_version), at);
END
$$;
