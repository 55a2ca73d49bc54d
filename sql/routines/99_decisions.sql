-- SPDX-License-Identifier: MIT
-- What of a month waits for somebody to decide it, in words.

-- The documents of a month that wait: of those with one status how many, the first day after which they can no longer
-- be disputed, and their numbers.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.waiting_invoices(of_contract bigint, of_month date)
RETURNS TABLE (status headroom.invoice_status, dispute_until date, numbers text)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.status, min(i.dispute_until), string_agg(i.number, ', ' ORDER BY i.invoice_date, i.number COLLATE "C")
    FROM headroom.invoice_state AS i
    WHERE i.contract_id = of_contract
        AND i.month = of_month
        AND i.status <> 'accepted'
    GROUP BY i.status;
END
$$;

-- What the vendor's documents of a month leave to be decided. Columns: as month_decisions.
--   of_month: the first day of the calendar month; now_at: the present.
CREATE FUNCTION headroom.invoice_decisions(of_contract bigint, of_month date, now_at timestamptz)
RETURNS TABLE (place integer, matter text, until date, words text)
LANGUAGE plpgsql STABLE STRICT ROWS 2
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT d.place, d.matter, d.until, d.words
    FROM headroom.invoice_check(of_contract, of_month, now_at) AS c
    LEFT JOIN headroom.waiting_invoices(of_contract, of_month) AS open ON open.status = 'open'
    LEFT JOIN headroom.waiting_invoices(of_contract, of_month) AS disputed ON disputed.status = 'disputed'
    CROSS JOIN LATERAL (VALUES
        (1, 'No invoice', NULL, c.result = 'no invoice' AND c.state IN ('over', 'closed') AND c.charge > 0,
            format('The month costs %s %s, and no invoice of it is taken down.', headroom.money(c.charge, c.currency),
                c.currency)),
        (2, 'Invoice differs', open.dispute_until, c.result = 'differs' AND open.numbers IS NOT NULL,
            concat_ws(' ',
                format('%s: the vendor says %s handles and %s %s, we say %s and %s.', open.numbers,
                    c.invoiced_handles, headroom.money(c.invoiced_amount, c.currency), c.currency, c.unique_handles,
                    headroom.money(c.charge, c.currency)),
                CASE
                    WHEN headroom.days_left(open.dispute_until, now_at) < 0
                        THEN 'The time to dispute it is over.'
                    ELSE 'Dispute or accept it.'
                END)),
        (3, 'Invoice agrees', open.dispute_until, c.result = 'match' AND open.numbers IS NOT NULL,
            format('%s says what we say, and waits to be accepted.', open.numbers)),
        (4, 'Invoice in dispute', disputed.dispute_until, disputed.numbers IS NOT NULL,
            format('%s is disputed, and waits for the vendor.', disputed.numbers))
    ) AS d (place, matter, until, holds, words)
    WHERE d.holds;
END
$$;

-- The questions that move a month's charge, where the contract holds no answer of the vendor at all: no row, or one.
-- Columns: as month_decisions.
--   of_month: the first day of the calendar month; spread: as for open_questions.
CREATE FUNCTION headroom.question_decisions(of_contract bigint, of_month date, spread bigint[])
RETURNS TABLE (place integer, matter text, until date, words text)
LANGUAGE plpgsql STABLE STRICT ROWS 1
AS $$
#variable_conflict use_column
DECLARE
    currency CONSTANT text := (headroom.stated_term(of_contract, of_month)).currency;
BEGIN
    IF EXISTS (SELECT FROM headroom.contract_answer AS a WHERE a.contract_id = of_contract) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 1, 'Open question', NULL::date,
        format('The contract holds no answer of the vendor, and the month costs %s to %s %s by the answers: %s',
            headroom.money(min(q.least_charge), currency), headroom.money(max(q.highest_charge), currency), currency,
            string_agg(q.question, ' ' ORDER BY q.place))
    FROM headroom.open_questions(of_contract, of_month, spread) AS q
    WHERE q.least_charge <> q.highest_charge
    HAVING count(*) > 0;
END
$$;

-- The checks that do not pass, with what to do of each. Columns: as month_decisions; what fails has place 1, what warns
-- 2. That the invoice differs is no check here: invoice_decisions says it.
--   checks: as for month_decisions.
CREATE FUNCTION headroom.check_decisions(checks jsonb)
RETURNS TABLE (place integer, matter text, until date, words text)
LANGUAGE sql IMMUTABLE STRICT ROWS 2
AS $$
    SELECT
        CASE c.state WHEN 'fail' THEN 1 ELSE 2 END,
        CASE c.state WHEN 'fail' THEN 'Check fails' ELSE 'Check warns' END,
        NULL::date,
        format('%s: expected %s, found %s. %s', c.name, c.expected, c.found, c.remedy)
    FROM jsonb_to_recordset(checks) AS c (name text, expected text, found text, state text, remedy text)
    WHERE c.state IN ('fail', 'warn')
        AND c.name NOT IN ('handles on the invoice', 'amount of the invoice')
$$;

-- All that waits, the most pressing first.
--   of_month: the first day of the calendar month; now_at: the present; probability: of passing the limit, null where
--   nothing is expected; checks: the rows of book_checks and book_money_checks, an array of {name, expected, found,
--   state, remedy}, as the caller has gone through them already.
-- Columns: place: their order, which some share; matter: in two or three words; until: the last day to decide it,
-- null: there is none; words: what there is to decide.
CREATE FUNCTION headroom.month_decisions(
    of_contract bigint, of_month date, now_at timestamptz, probability double precision, checks jsonb)
RETURNS TABLE (place integer, matter text, until date, words text)
LANGUAGE plpgsql STABLE ROWS 5
AS $$
#variable_conflict use_column
DECLARE
    status record;
    next_cost numeric;
BEGIN
    SELECT s.* INTO status FROM headroom.month_status(of_contract, of_month, now_at) AS s;
    next_cost := headroom.stated_charge(of_contract, of_month, status.unique_handles + 1) - status.charge::numeric;
    RETURN QUERY
    SELECT d.place, d.matter, d.until, d.words
    FROM (
        SELECT headroom.month_quarantined(of_contract, of_month) AS lines
    ) AS quarantine
    CROSS JOIN LATERAL (VALUES
        (1, 'Over the limit', NULL::date, status.overage > 0 AND status.state <> 'closed',
            format('Above the limit of %s by %s: %s %s by the terms.%s', status.unit_limit, status.overage,
                status.charge, status.currency,
                CASE status.state
                    WHEN 'open' THEN format(' The next one costs %s.', headroom.money(next_cost, status.currency))
                    ELSE ''
                END)),
        (2, 'Limit at risk',
            CASE status.state WHEN 'open' THEN (status.period_end AT TIME ZONE status.time_zone)::date - 1 END,
            status.state <> 'closed' AND status.overage = 0 AND probability > 0.5,
            format('The limit of %s is passed with a chance of %s %%; headroom now: %s.', status.unit_limit,
                round((probability * 100)::numeric), status.headroom)),
        (4, 'Month not closed', NULL, status.state = 'over',
            'The month is over, and its figures can still change: close it with `headroom close`.'),
        (19, 'Nothing delivered', NULL,
            status.data_until IS NULL AND status.silent IS NULL AND status.state <> 'closed',
            'No source has ever delivered for this contract: that none is used may mean that nothing is recorded.'),
        (20, 'Source silent', NULL, status.silent IS NOT NULL,
            upper(left(status.silent, 1)) || substr(status.silent, 2) || '.'),
        (21, 'Days too low', NULL, status.state <> 'closed' AND cardinality(status.low_days) > 0,
            format('The counts of these days may be too low: %s.', headroom.days_text(status.low_days))),
        (22, 'Lines in quarantine', NULL, quarantine.lines > 0,
            format('Lines that could not be read and may belong to the month: %s. See `headroom quarantine list`.',
                quarantine.lines))
    ) AS d (place, matter, until, holds, words)
    WHERE d.holds
    UNION ALL
    SELECT CASE c.place WHEN 1 THEN 3 ELSE 23 END, c.matter, c.until, c.words
    FROM headroom.check_decisions(checks) AS c
    UNION ALL
    SELECT 10 + i.place, i.matter, i.until, i.words
    FROM headroom.invoice_decisions(of_contract, of_month, now_at) AS i
    UNION ALL
    SELECT 30 + q.place, q.matter, q.until, q.words
    FROM headroom.question_decisions(of_contract, of_month, status.spread) AS q
    ORDER BY 1;
END
$$;
