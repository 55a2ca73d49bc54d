-- SPDX-License-Identifier: MIT
-- The vendor's figures of a month against ours, and what could make the difference.

-- ---- ours and theirs ----

-- What we say of a month: as sealed where it is closed, else as it looks now; nothing where the contract does not cover
-- it (any more). One row.
-- Columns: seal_id: null unless closed; state: as month_state, or 'not covered'; adjustment: what its close carried of
-- earlier ones in its currency, null unless closed; the others as in a seal.
CREATE FUNCTION headroom.invoice_ours(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    seal_id bigint, state text, rule text, unique_handles bigint, charge numeric, currency text,
    adjustment numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        s.seal_id, 'closed', s.rule, s.unique_handles, s.charge, s.currency,
        (SELECT coalesce(sum(a.amount), 0)
        FROM headroom.adjustment AS a
        WHERE a.carried_by = s.seal_id
            AND a.currency = s.currency)
    FROM headroom.seal_in_force AS s
    WHERE s.contract_id = of_contract
        AND s.month = of_month;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        NULL::bigint, coalesce(headroom.month_state(of_contract, of_month, now_at), 'not covered'), t.counting,
        c.unique_handles, headroom.month_charge(of_contract, of_month, c.unique_handles), t.currency, NULL::numeric
    FROM headroom.term_of(of_contract, of_month) AS t
    JOIN headroom.rule_counts(of_contract, of_month) AS c ON c.rule = t.counting;
END
$$;

-- The vendor's figures of a month against ours. One row.
--   of_month: the first day of the calendar month; now_at: the present.
-- Columns: as in invoice_ours; then of the vendor: documents: how many, handles and amount: their sum, credits taken
-- away; at_their_count: our price of that many handles; handles_difference, amount_difference: theirs less ours, the
-- latter being count_amount (what the other number of handles costs by our price) and price_amount (the rest);
-- latest: date of the last invoice; list_id: the vendor's list in force, null without one; result: 'no invoice',
-- 'match' or 'differs'.
CREATE FUNCTION headroom.invoice_check(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (
    seal_id bigint, state text, rule text, unique_handles bigint, charge numeric, currency text,
    adjustment numeric, documents bigint, invoiced_handles bigint, invoiced_amount numeric, handles_difference bigint,
    amount_difference numeric, count_amount numeric, price_amount numeric, latest date, list_id bigint, result text)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        o.*, i.documents, i.handles, i.amount, i.handles - o.unique_handles, i.amount - o.charge, p.charge - o.charge,
        i.amount - p.charge, i.latest,
        (SELECT max(l.list_id)
        FROM headroom.invoice_list AS l
        WHERE l.contract_id = of_contract
            AND l.month = of_month),
        CASE
            WHEN i.documents = 0 THEN 'no invoice'
            WHEN i.handles = o.unique_handles AND i.amount = o.charge THEN 'match'
            ELSE 'differs'
        END
    FROM headroom.invoice_ours(of_contract, of_month, now_at) AS o
    LEFT JOIN headroom.invoiced_month AS v
        ON v.contract_id = of_contract
        AND v.month = of_month
    CROSS JOIN LATERAL (
        SELECT
            coalesce(v.documents, 0) AS documents,
            coalesce(v.unique_handles, 0) AS handles,
            coalesce(v.amount, 0) AS amount,
            v.latest
    ) AS i
    CROSS JOIN LATERAL (
        SELECT headroom.stated_charge(of_contract, of_month, greatest(i.handles, 0)) AS charge
    ) AS p;
END
$$;

-- ---- what could make a difference ----

-- What each owner used in a month, counted or not: subjects: how many names it had; days, by_user_days: of the rule's
-- class, with and without requests of the app alone; delivered_days: with at least one Tweet; requests: of any class.
CREATE FUNCTION headroom.invoice_usage(of_contract bigint, of_month date, of_class headroom.class)
RETURNS TABLE (
    owner text, subjects bigint, days bigint, by_user_days bigint, delivered_days bigint, requests bigint)
LANGUAGE plpgsql STABLE STRICT
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        u.owner,
        count(DISTINCT u.subject),
        bit_or(u.days),
        coalesce(bit_or(u.days) FILTER (WHERE NOT u.via_app), 0),
        bit_or(u.delivered_days),
        sum(u.requests)::bigint
    FROM (
        SELECT
            o.*, headroom.of_class(of_class, o.attempted_days, o.answered_days, o.delivered_days) AS days
        FROM headroom.owned_usage(of_contract, of_month) AS o
        WHERE o.owner <> '~app'
    ) AS u
    GROUP BY u.owner;
END
$$;

-- The days of a month whose count may be too low.
CREATE FUNCTION headroom.month_low_days(of_contract bigint, of_month date, now_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT count(DISTINCT d.day)
        FROM headroom.month_sources(of_contract, of_month, now_at) AS s
        CROSS JOIN LATERAL unnest(s.low_days) AS d (day)
        WHERE s.is_active);
END
$$;

-- ---- the vendor's list, handle by handle ----

-- Each owner of ours and each handle of a vendor's list: who is on both, only on ours, only on theirs, and why.
--   of_list: of the contract and the month; latest: date of the last invoice, null without one.
-- Columns: place: 'both', 'ours' or 'theirs'; owner; handle: ours, or as the list has it; line: of the list, null where
-- it is not on it; first_seen, counted_requests: null where we do not count it; cause: null on both; words: why, for a
-- person. A cause is the first that fits, in the order in which they stand here.
CREATE FUNCTION headroom.invoice_matches(
    of_contract bigint, of_month date, of_list bigint, latest date, now_at timestamptz)
RETURNS TABLE (
    place text, owner text, handle text, line bigint, first_seen timestamptz, counted_requests bigint, cause text,
    words text)
LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    month_before CONSTANT date := (of_month - INTERVAL '1 month')::date;
    month_after CONSTANT date := (of_month + INTERVAL '1 month')::date;
    our_rule headroom.counting_rule;
    edges record;
    low_days CONSTANT bigint := headroom.month_low_days(of_contract, of_month, now_at);
BEGIN
    SELECT r.* INTO STRICT our_rule
    FROM headroom.invoice_ours(of_contract, of_month, now_at) AS o
    JOIN headroom.counting_rule AS r USING (rule);
    SELECT e.* INTO edges FROM headroom.edge_days(of_contract, of_month) AS e;
    RETURN QUERY
    WITH ours AS MATERIALIZED (
        SELECT o.*
        FROM headroom.month_owners(of_contract, of_month) AS o
    ),
    used AS MATERIALIZED (
        SELECT u.*
        FROM headroom.invoice_usage(of_contract, of_month, our_rule.class) AS u
    ),
    entry AS (
        SELECT h.subject, h.line
        FROM headroom.invoice_handle AS h
        WHERE h.list_id = of_list
    ),
    by_name AS (
        SELECT '@' || o.handle AS subject, min(o.owner) AS owner
        FROM ours AS o
        WHERE o.handle IS NOT NULL
        GROUP BY o.handle
    ),
    known AS (
        SELECT DISTINCT ON (d.subject) d.subject, d.user_id::text AS owner
        FROM headroom.handle_days(
            ARRAY(SELECT e.subject FROM entry AS e WHERE e.subject LIKE '@%'),
            ARRAY(SELECT p.day FROM headroom.period_days(of_contract, of_month) AS p ORDER BY p.bit),
            ARRAY(SELECT p.ends_at FROM headroom.period_days(of_contract, of_month) AS p ORDER BY p.bit)) AS d
        WHERE d.user_id IS NOT NULL
        ORDER BY d.subject, d.user_id::text NOT IN (SELECT o.owner FROM ours AS o), d.user_id
    ),
    meant AS (
        SELECT e.subject, e.line, coalesce(o.owner, n.owner, k.owner, e.subject) AS owner
        FROM entry AS e
        LEFT JOIN ours AS o ON o.owner = e.subject
        LEFT JOIN by_name AS n ON n.subject = e.subject
        LEFT JOIN known AS k ON k.subject = e.subject
    ),
    theirs AS MATERIALIZED (
        SELECT
            m.*,
            row_number() OVER (PARTITION BY m.owner ORDER BY m.subject <> m.owner, m.line) = 1 AS is_first
        FROM meant AS m
    ),
    neighbour AS MATERIALIZED (
        SELECT o.owner
        FROM headroom.edge_days(of_contract, month_before) AS e
        CROSS JOIN LATERAL headroom.owners_on(of_contract, month_before, our_rule.rule, e.last_day) AS o
        UNION ALL
        SELECT o.owner
        FROM headroom.edge_days(of_contract, month_after) AS e
        CROSS JOIN LATERAL headroom.owners_on(of_contract, month_after, our_rule.rule, e.first_day) AS o
    ),
    -- The words of lines that could not be read, whatever bytes stand between them.
    quarantined AS MATERIALIZED (
        SELECT DISTINCT lower(w.word[1] COLLATE "C") AS word
        FROM headroom.month_quarantined_lines(of_contract, of_month) AS q
        CROSS JOIN LATERAL regexp_matches(
            regexp_replace(encode(q.raw, 'escape'), '\\\\|\\[0-7]{3}', ' ', 'g'), '[A-Za-z0-9_]+', 'g') AS w (word)
    )
    SELECT
        CASE WHEN t.owner IS NULL THEN 'ours' ELSE 'both' END, o.owner, o.handle, t.line, o.first_seen,
        o.counted_requests, why.cause, why.words
    FROM ours AS o
    LEFT JOIN theirs AS t ON t.owner = o.owner AND t.is_first
    LEFT JOIN used AS u ON u.owner = o.owner
    LEFT JOIN headroom.batch AS b ON b.batch_id = o.first_batch
    LEFT JOIN LATERAL (
        SELECT w.*
        FROM (VALUES
            (1, o.days IN (edges.first_day, edges.last_day), 'zone boundary',
                format('used on the %s day only', CASE o.days WHEN edges.first_day THEN 'first' ELSE 'last' END)),
            (2, (CASE WHEN our_rule.with_app THEN u.days ELSE u.by_user_days END <> 0) IS NOT TRUE, 'late events',
                'counted when the month was closed, not today'),
            (3, u.by_user_days = 0, 'app-only', 'used by requests of the app alone'),
            (4, u.delivered_days = 0, 'failed requests', 'no request delivered a Tweet'),
            (5, o.owner ~ '^[@~]', 'renames', 'known by this name only: the vendor may have another one for the user'),
            (6, (b.loaded_at AT TIME ZONE 'UTC')::date > latest, 'late events', 'loaded after the date of the invoice'),
            (7, true, 'unexplained', 'we hold the evidence: `headroom trace` shows it')
        ) AS w (place, fits, cause, words)
        WHERE w.fits
        ORDER BY w.place
        LIMIT 1
    ) AS why ON t.owner IS NULL
    UNION ALL
    SELECT 'theirs', t.owner, ltrim(t.subject, '@'), t.line, NULL, NULL, why.cause, why.words
    FROM theirs AS t
    LEFT JOIN used AS u ON u.owner = t.owner
    CROSS JOIN LATERAL (
        SELECT w.*
        FROM (VALUES
            (1, NOT t.is_first, 'renames', format('the same user as %s, whom the list has too', t.owner)),
            (2, CASE WHEN our_rule.with_app THEN u.days ELSE u.by_user_days END <> 0, 'late events',
                'counted today: it came after the month was closed'),
            (3, u.requests > 0 AND u.by_user_days = 0 AND u.days <> 0, 'app-only',
                'used by requests of the app alone, which do not count'),
            (4, u.requests > 0, 'failed requests', 'used, but by no request that counts'),
            (5, t.owner IN (SELECT n.owner FROM neighbour AS n), 'zone boundary',
                'used on the day before or after the month'),
            (6, ltrim(t.subject, '@') IN (SELECT q.word FROM quarantined AS q), 'quarantined lines',
                'named by a line that could not be read'),
            (7, low_days > 0, 'gaps', 'not in the log, which may lack requests on some days'),
            (8, true, 'unexplained', 'not in the log of this month')
        ) AS w (place, fits, cause, words)
        WHERE w.fits
        ORDER BY w.place
        LIMIT 1
    ) AS why
    WHERE NOT t.is_first OR t.owner NOT IN (SELECT o.owner FROM ours AS o);
END
$$;
