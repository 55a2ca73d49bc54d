-- SPDX-License-Identifier: MIT
-- The checks of a month's workbook: figures that must agree, found in two ways, by what can be had now of a closed
-- month as of an open one. What a closed month's checks were when it was closed is in its seal.

-- What came of a check: null figures could not be compared.
--   weight: 'fail', or 'warn' where a difference is a question and no mistake of ours.
CREATE FUNCTION headroom.check_state(expected numeric, found numeric, weight text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN expected IS NULL OR found IS NULL THEN 'not run'
        WHEN expected = found THEN 'pass'
        ELSE weight
    END
$$;

-- The unique handles that the recount on record found when a month was closed: what its seal's checklist says. Null
-- where the month is not closed.
CREATE FUNCTION headroom.sealed_recount(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
    words text;
BEGIN
    SELECT c.item ->> 'words'
    INTO words
    FROM jsonb_array_elements(sealed.checklist::jsonb -> 'checks') AS c (item)
    WHERE c.item ->> 'name' = 'recount';
    -- Rules that differ are named, each with both figures: "answered: 7 from the events, 8 as maintained".
    RETURN CASE
        WHEN words IS NOT NULL THEN coalesce(
            nullif(split_part(split_part('; ' || words, '; ' || sealed.rule || ': ', 2), ' ', 1), '')::bigint,
            sealed.unique_handles)
    END;
END
$$;

-- How the newest links of the chain hold: expected so many, found up to the first that does not. One row.
CREATE FUNCTION headroom.newest_links(links bigint)
RETURNS TABLE (expected bigint, found bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT least(h.seq, links), coalesce(f.fault - 1 - (h.seq - least(h.seq, links)), least(h.seq, links))
    FROM headroom.chain_head AS h
    CROSS JOIN LATERAL (SELECT headroom.chain_fault(h.seq - least(h.seq, links)) AS fault) AS f;
END
$$;

-- Of the two links of a closed month, its seal's own and the one up to which everything was counted, how many hold.
-- Null where it is not closed.
CREATE FUNCTION headroom.seal_links(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT count(*)
        FROM headroom.chain AS l
        WHERE (l.kind = 'close'
                AND l.subject_id = sealed.seal_id
                AND headroom.link_holds(l.kind, l.subject_id, l.content_digest))
            OR (l.seq = sealed.chain_seq AND l.digest = sealed.chain_digest))
        + (sealed.chain_seq = 0)::integer;
END
$$;

-- What a closed month carried of earlier ones, as its signed statement says and as it is on record. One row; nulls
-- where it is not closed.
CREATE FUNCTION headroom.carried(
    of_contract bigint, of_month date,
    OUT stated_handles bigint, OUT handles bigint, OUT stated_amount numeric, OUT amount numeric)
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    sealed CONSTANT headroom.seal := headroom.seal_of(of_contract, of_month);
BEGIN
    IF sealed.seal_id IS NULL THEN
        RETURN;
    END IF;
    SELECT coalesce(sum((a.item ->> 'unique_handles')::bigint), 0), coalesce(sum((a.item ->> 'amount')::numeric), 0)
    INTO stated_handles, stated_amount
    FROM jsonb_array_elements(coalesce(sealed.statement::jsonb -> 'adjustments', '[]')) AS a (item);
    SELECT coalesce(sum(a.unique_handles), 0), coalesce(sum(a.amount), 0)
    INTO handles, amount
    FROM headroom.adjustment AS a
    WHERE a.carried_by = sealed.seal_id;
END
$$;

-- What both kinds of checks say to do.
CREATE FUNCTION headroom.check_remedies(OUT look_at_terms text, OUT verify_links text, OUT dispute text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT
        'Do not pay by this charge. Look at the terms: headroom contract show.',
        'Do not use the adjustments. headroom verify names the link that was changed.',
        'headroom invoice check names what can make the difference; headroom invoice dispute makes the evidence.'
$$;

-- The checks of counts. Columns: place: their order; name; expected, found: the figure in two ways, null where there is
-- none; weight, state: see check_state; proves: what it shows when it passes; remedy: what to do when it does not.
-- Goes through the list of handles once; reads no events.
--   of_month: the first day of the calendar month; now_at: the present.
CREATE FUNCTION headroom.book_checks(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    place integer, name text, expected bigint, found bigint, weight text, state text, proves text, remedy text)
LANGUAGE plpgsql STABLE STRICT ROWS 20
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    status record;
    totals record;
    recount CONSTANT text := 'Do not use the figures. headroom reconcile --recount counts the events again, and names'
        ' the handles that differ.';
    verify CONSTANT text := 'Do not use the figures. headroom verify says which batch was changed.';
    until CONSTANT bigint := headroom.stated_until(of_contract, of_month);
    first_closed CONSTANT date := (
        SELECT min(s.month)
        FROM headroom.seal_in_force AS s
        WHERE s.contract_id = of_contract
            AND s.month < of_month);
BEGIN
    SELECT s.*
    INTO STRICT status
    FROM headroom.month_status(of_contract, of_month, now_at) AS s;
    SELECT
        max(t.expected) FILTER (WHERE t.name = 'requests of its batches by source') AS by_day,
        max(t.found) FILTER (WHERE t.name = 'requests of its batches by source') AS by_source,
        max(t.expected) FILTER (WHERE t.name = 'events added by its batches') AS of_sources,
        max(t.found) FILTER (WHERE t.name = 'events added by its batches') AS of_batches
    INTO STRICT totals
    FROM headroom.month_totals(of_contract, of_month, status.requests, status.counted_requests) AS t;
    RETURN QUERY
    WITH listed AS (
        SELECT count(*) AS owners, coalesce(sum(o.counted_requests), 0)::bigint AS requests
        FROM headroom.month_owners(of_contract, of_month) AS o
    ),
    days AS (
        SELECT
            count(*) AS days,
            coalesce(sum(d.new_handles), 0)::bigint AS new_handles,
            coalesce(sum(d.requests), 0)::bigint AS requests
        FROM headroom.stated_days(of_contract, of_month) AS d
    ),
    not_counted AS (
        SELECT coalesce(sum(n.requests), 0)::bigint AS requests
        FROM headroom.stated_not_counted(of_contract, of_month) AS n
    ),
    delivered AS (
        SELECT
            coalesce(sum(d.requests), 0)::bigint AS requests,
            coalesce(sum(d.rate_limited) FILTER (WHERE d.batch_id <> ALL (headroom.absent_since(until))), 0)::bigint
                AS rate_limited
        FROM headroom.daily AS d
        WHERE d.contract_id = of_contract
            AND d.month = of_month
            AND d.batch_id <> ALL (headroom.batches_after(until))
    ),
    rated AS (
        SELECT coalesce(sum(m.rate_limited), 0)::bigint AS rate_limited
        FROM headroom.rate_minutes(of_contract, of_month) AS m
    ),
    charged AS (
        SELECT
            headroom.charged_units(status.overage, t.tolerance_units, t.tolerance_cliff) AS units,
            (SELECT coalesce(sum(b.units), 0)
            FROM headroom.term_brackets(t, status.overage) AS b)::bigint AS in_brackets
        FROM headroom.stated_term(of_contract, of_month) AS t
    ),
    closed AS (
        SELECT
            (EXTRACT(YEAR FROM age(of_month, first_closed)) * 12
                + EXTRACT(MONTH FROM age(of_month, first_closed)))::bigint AS months,
            count(*) AS closed
        FROM headroom.seal_in_force AS s
        WHERE s.contract_id = of_contract
            AND s.month < of_month
    ),
    period AS (
        SELECT count(*) AS days FROM headroom.period_days(of_contract, of_month)
    )
    SELECT c.place, c.name, c.expected, c.found, c.weight, headroom.check_state(c.expected, c.found, c.weight),
        c.proves, c.remedy
    FROM listed, days, not_counted, delivered, rated, charged, closed, period
    CROSS JOIN headroom.newest_links(200) AS link
    CROSS JOIN headroom.carried(of_contract, of_month) AS carried
    CROSS JOIN headroom.check_remedies() AS remedies
    LEFT JOIN headroom.invoiced_month AS invoice
        ON invoice.contract_id = of_contract
        AND invoice.month = of_month
    CROSS JOIN LATERAL (VALUES
        (1, 'handles in the list', status.unique_handles, listed.owners, 'fail',
            'Each handle that was counted is one row of sheet Handles: none is missing, none is there twice.',
            recount),
        (2, 'new handles by day', status.unique_handles, days.new_handles, 'fail',
            'The days of sheet Daily add up to the month: each handle is new on one day only.',
            recount),
        (3, 'counted requests in the list', status.counted_requests, listed.requests, 'fail',
            'Every request that counts belongs to a handle in the list.',
            recount),
        (4, 'days in the list', period.days, days.days, 'fail',
            'Sheet Daily has every day of the billing month, once.',
            'Write the report again; if it stays so, the terms of the month need a look: headroom contract show.'),
        (5, 'requests by day', status.requests, days.requests, 'fail',
            'Every request of the month lies on one of its days.',
            verify),
        (6, 'counted and not counted', status.requests, listed.requests + not_counted.requests, 'fail',
            'Every request counts, or is listed with the reason why it does not.',
            recount),
        (7, 'requests that do not count', status.requests - status.counted_requests, not_counted.requests, 'fail',
            'Sheet Not counted has each request that does not count, under one reason.',
            recount),
        (8, 'requests by outcome', status.requests, delivered.requests, 'fail',
            'Sheet Engagement has each request under one outcome, but for those of voided batches.',
            verify),
        (9, 'answers 429 by app', delivered.rate_limited, rated.rate_limited, 'fail',
            'Sheet Engagement has each answer 429 under the app of its request, but for those of voided batches.',
            verify),
        (10, 'requests by source', status.requests, delivered.requests, 'fail',
            'The sources on sheet About delivered the requests of the month, and nobody else.',
            verify),
        (11, 'requests by batch', status.requests, delivered.requests, 'fail',
            'So did the batches listed there: each request is traced to the file that it came in.',
            verify),
        (12, 'requests of its batches by source', totals.by_day, totals.by_source, 'fail',
            'What these batches brought to the contract is the same by day and by source.',
            verify),
        (13, 'events added by its batches', totals.of_sources, totals.of_batches, 'fail',
            'The batches added as many events as they say: every line read was added, a duplicate, or quarantined.',
            verify),
        (14, 'units through the brackets', charged.units, charged.in_brackets, 'fail',
            'Every handle of the overage that is charged has its price: the units of the brackets are all units.',
            remedies.look_at_terms),
        (15, 'recount from the events', status.unique_handles, headroom.sealed_recount(of_contract, of_month), 'fail',
            'When the month was closed, counting all requests again gave the same number of handles.',
            CASE
                WHEN status.state = 'closed'
                    THEN 'It was closed by force: sheet About says why. headroom reconcile --recount names the handles.'
                ELSE 'Done when the month is closed; now by headroom reconcile --recount.'
            END),
        (16, 'newest links of the chain', link.expected, link.found, 'fail',
            'The digests of the newest links (200 at most) are right, and each follows on the one before.',
            'Do not use the figures. headroom verify proves all links and events, and names the one that was changed.'),
        (17, 'links of the seal', CASE WHEN status.state = 'closed' THEN 2 END,
            headroom.seal_links(of_contract, of_month), 'fail',
            'The figures are those that were sealed, and the ledger that they rest on is still there.',
            CASE
                WHEN status.state = 'closed'
                    THEN 'Do not use the figures. headroom verify names the link that was changed.'
                ELSE 'There is a seal once the month is closed: headroom close.'
            END),
        (18, 'earlier months that are closed', closed.months,
            CASE WHEN closed.months IS NOT NULL THEN closed.closed END, 'warn',
            'From the first closed month to this one there is no open one, so every change since is carried forward.',
            CASE
                WHEN closed.months IS NULL THEN 'No earlier month is closed yet: headroom close.'
                ELSE 'Close the months between: headroom close --month.'
            END),
        (19, 'handles carried from earlier months', carried.stated_handles, carried.handles, 'fail',
            'What this month carries of corrections to earlier closed ones is what its signed statement says.',
            CASE
                WHEN status.state = 'closed'
                    THEN remedies.verify_links
                ELSE 'Carried when the month is closed: headroom close.'
            END),
        (20, 'handles on the invoice', status.unique_handles, invoice.unique_handles, 'warn',
            'The vendor counted as many handles as we did.',
            CASE
                WHEN invoice.month IS NULL THEN 'No invoice of this month is on record: headroom invoice add.'
                ELSE remedies.dispute
            END)
    ) AS c (place, name, expected, found, weight, proves, remedy)
    ORDER BY c.place;
END
$$;

-- The checks of money. Columns as book_checks, and the currency.
CREATE FUNCTION headroom.book_money_checks(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    place integer, name text, expected numeric, found numeric, currency text, weight text, state text, proves text,
    remedy text)
LANGUAGE plpgsql STABLE STRICT ROWS 4
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    status record;
BEGIN
    SELECT s.*
    INTO STRICT status
    FROM headroom.month_status(of_contract, of_month, now_at) AS s;
    RETURN QUERY
    WITH lines AS (
        SELECT coalesce(sum(l.amount), 0) AS amount
        FROM headroom.stated_lines(of_contract, of_month, status.overage) AS l
    )
    SELECT c.place, c.name, c.expected, c.found, status.currency, c.weight,
        headroom.check_state(c.expected, c.found, c.weight), c.proves, c.remedy
    FROM lines
    CROSS JOIN headroom.carried(of_contract, of_month) AS carried
    CROSS JOIN headroom.check_remedies() AS remedies
    LEFT JOIN headroom.invoiced_month AS invoice
        ON invoice.contract_id = of_contract
        AND invoice.month = of_month
    CROSS JOIN LATERAL (VALUES
        (1, 'charge', status.charge::numeric, headroom.stated_charge(of_contract, of_month, status.unique_handles),
            'fail',
            'The formulas of sheet Charge come to what the ledger charges.',
            remedies.look_at_terms),
        (2, 'lines of the charge', status.charge::numeric, lines.amount, 'fail',
            'Amounts and flat fees of the brackets, the minimum and the cap add up to the charge.',
            remedies.look_at_terms),
        (3, 'amount carried from earlier months', carried.stated_amount, carried.amount, 'fail',
            'What this month carries of corrections to earlier closed ones is what its signed statement says.',
            CASE
                WHEN status.state = 'closed'
                    THEN remedies.verify_links
                ELSE 'Carried when the month is closed: headroom close.'
            END),
        (4, 'amount of the invoice', status.charge::numeric, invoice.amount, 'warn',
            'The vendor charges what we found to be due.',
            CASE
                WHEN invoice.month IS NULL THEN 'No invoice of this month is on record: headroom invoice add.'
                ELSE remedies.dispute
            END)
    ) AS c (place, name, expected, found, weight, proves, remedy)
    ORDER BY c.place;
END
$$;
