-- SPDX-License-Identifier: MIT
-- What the vendor says, taken down: invoices and credits, what was decided of them, and the vendor's lists of handles.
-- Each is a link of the chain. A value that cannot be is refused as in contracts.

-- ---- what their links stand for ----

-- What the link of an invoice stands for, as JSON text of all its values. The statement audit_links makes the same text
-- without this function, and so with the other two forms.
CREATE FUNCTION headroom.invoice_form(of_invoice bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_array(
            'headroom-invoice-1', i.invoice_id, i.contract_id, i.month, i.number, i.kind, i.invoice_date,
            i.unique_handles, i.amount, i.currency, i.document, encode(i.document_sha256, 'hex'),
            headroom.epoch_us(i.added_at), i.added_by)::text
        FROM headroom.invoice AS i
        WHERE i.invoice_id = of_invoice);
END
$$;

-- The same of what was decided of an invoice.
CREATE FUNCTION headroom.invoice_decision_form(of_decision bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_array(
            'headroom-invoice-status-1', d.decision_id, d.invoice_id, d.status, d.note,
            headroom.epoch_us(d.decided_at), d.decided_by)::text
        FROM headroom.invoice_decision AS d
        WHERE d.decision_id = of_decision);
END
$$;

-- The digests of a list's handles as they are kept: subjects, SHA-256 over each with a newline, in their order; lines,
-- over each subject, a tab, its line and a newline.
CREATE FUNCTION headroom.invoice_list_digests(of_list bigint, OUT subjects bytea, OUT lines bytea)
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    SELECT
        sha256(convert_to(coalesce(string_agg(h.subject || E'\n', '' ORDER BY h.subject), ''), 'UTF8')),
        sha256(convert_to(
            coalesce(string_agg(concat(h.subject, E'\t', h.line, E'\n'), '' ORDER BY h.subject), ''), 'UTF8'))
    INTO subjects, lines
    FROM headroom.invoice_handle AS h
    WHERE h.list_id = of_list;
END
$$;

-- The same of a vendor's list of handles, with the digests of its rows as they are.
CREATE FUNCTION headroom.invoice_list_form(of_list bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_array(
            'headroom-invoice-handles-1', l.list_id, l.contract_id, l.month, l.file, encode(l.file_sha256, 'hex'),
            l.entries, encode(l.list_digest, 'hex'), encode(d.subjects, 'hex'), encode(d.lines, 'hex'),
            headroom.epoch_us(l.added_at), l.added_by)::text
        FROM headroom.invoice_list AS l
        CROSS JOIN LATERAL headroom.invoice_list_digests(l.list_id) AS d
        WHERE l.list_id = of_list);
END
$$;

-- ---- the invoices as they stand ----

-- Each invoice with what was decided of it last, and the last day on which it can be disputed (null: no such day was
-- agreed).
CREATE VIEW headroom.invoice_state AS
SELECT
    i.*,
    coalesce(d.status, 'open') AS status,
    d.note,
    d.decided_at,
    d.decided_by,
    i.invoice_date + c.dispute_days AS dispute_until
FROM headroom.invoice AS i
JOIN headroom.contract AS c USING (contract_id)
LEFT JOIN LATERAL (
    SELECT l.status, l.note, l.decided_at, l.decided_by
    FROM headroom.invoice_decision AS l
    WHERE l.invoice_id = i.invoice_id
    ORDER BY l.decision_id DESC
    LIMIT 1
) AS d ON true;

GRANT SELECT ON headroom.invoice_state TO headroom_reader, headroom_writer;

-- What the vendor says of each month that has a document: documents: how many; unique_handles and amount: their sum,
-- credits taken away; latest: date of the last invoice.
CREATE VIEW headroom.invoiced_month AS
SELECT
    i.contract_id,
    i.month,
    count(*) AS documents,
    sum(CASE i.kind WHEN 'credit' THEN -i.unique_handles ELSE i.unique_handles END)::bigint AS unique_handles,
    sum(CASE i.kind WHEN 'credit' THEN -i.amount ELSE i.amount END) AS amount,
    max(i.invoice_date) FILTER (WHERE i.kind = 'invoice') AS latest
FROM headroom.invoice AS i
GROUP BY i.contract_id, i.month;

GRANT SELECT ON headroom.invoiced_month TO headroom_reader, headroom_writer;

-- How many days are left until last_day by the calendar of UTC: 0 on that day, negative when it is over.
CREATE FUNCTION headroom.days_left(last_day date, now_at timestamptz)
RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT last_day - (now_at AT TIME ZONE 'UTC')::date
$$;

-- The documents of a contract that wait for somebody: those that are disputed, until they are accepted; and those that
-- are open and can be disputed for 7 more days at most, or no more. Counts nothing.
--   to_month: the first day of the last calendar month that is asked for; now_at: the present.
-- Columns: month, number, kind, status, unique_handles, amount, currency: of the document; since: from when it has been
-- disputed without a break, null unless it is; dispute_until: the last day to dispute it, left_days: see days_left,
-- both null where none was agreed; documents, their_handles, their_amount: of the month, see invoiced_month;
-- our_handles, our_charge: as the month was sealed, null where it is not closed.
CREATE FUNCTION headroom.open_disputes(of_contract bigint, to_month date, now_at timestamptz)
RETURNS TABLE (
    month date, number text, kind headroom.invoice_kind, invoice_date date, status headroom.invoice_status,
    unique_handles bigint, amount numeric, currency text, since timestamptz, dispute_until date, left_days integer,
    documents bigint, their_handles bigint, their_amount numeric, our_handles bigint, our_charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 5
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        i.month, i.number, i.kind, i.invoice_date, i.status, i.unique_handles, i.amount, i.currency, r.since,
        i.dispute_until, w.left_days, v.documents, v.unique_handles, v.amount, s.unique_handles, s.charge
    FROM headroom.invoice_state AS i
    JOIN headroom.invoiced_month AS v
        ON v.contract_id = i.contract_id
        AND v.month = i.month
    LEFT JOIN headroom.seal_in_force AS s
        ON s.contract_id = i.contract_id
        AND s.month = i.month
    CROSS JOIN LATERAL (SELECT headroom.days_left(i.dispute_until, now_at) AS left_days) AS w
    CROSS JOIN LATERAL (
        SELECT min(d.decided_at) AS since
        FROM headroom.invoice_decision AS d
        WHERE d.invoice_id = i.invoice_id
            AND i.status = 'disputed'
            AND NOT EXISTS (
                SELECT
                FROM headroom.invoice_decision AS later
                WHERE later.invoice_id = d.invoice_id
                    AND later.decision_id >= d.decision_id
                    AND later.status <> 'disputed')
    ) AS r
    WHERE i.contract_id = of_contract
        AND i.month <= to_month
        AND (i.status = 'disputed' OR (i.status = 'open' AND w.left_days <= 7));
END
$$;

-- ---- taking them down ----

-- The date that a document says, as 2026-11-03; another text is refused.
CREATE FUNCTION headroom.invoice_day(invoice_date text)
RETURNS date
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    day date;
BEGIN
    IF invoice_date IS NULL OR invoice_date !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
        PERFORM headroom.refuse(
            format('bad date %s', coalesce(quote_literal(invoice_date), '(none)')), 'Write it as 2026-11-03.');
    END IF;
    BEGIN
        day := invoice_date::date;
    EXCEPTION WHEN datetime_field_overflow THEN
        PERFORM headroom.refuse(
            format('date %s: the calendar has no such day', invoice_date),
            'Write the date that stands on the document.');
    END;
    IF day < DATE '2006-01-01' THEN
        PERFORM headroom.refuse(
            format('date %s is too early: the vendor did not exist before 2006', invoice_date),
            'Write the date that stands on the document.');
    END IF;
    RETURN day;
END
$$;

-- Refuses an amount, as text, that no document in the terms' currency can say.
CREATE FUNCTION headroom.check_invoice_amount(amount text, currency text, of_contract bigint, of_month date)
RETURNS void
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    agreed CONSTANT text := (headroom.term_of(of_contract, of_month)).currency;
BEGIN
    IF amount IS NULL OR amount !~ '^[0-9]{1,15}([.][0-9]{1,12})?$' THEN
        PERFORM headroom.refuse(
            format('bad amount %s', coalesce(quote_literal(amount), '(none)')),
            'Write it in digits with a decimal point, without sign and separators, as 1250.00; what the vendor gives '
            'back is a document of kind credit.');
    END IF;
    IF currency IS DISTINCT FROM agreed THEN
        PERFORM headroom.refuse(
            format('the document is in %s, but the terms of %s are in %s', coalesce(quote_literal(currency), '(none)'),
                to_char(of_month, 'YYYY-MM'), agreed),
            'Amounts of other currencies cannot be compared: look at the document, or at the contract.');
    END IF;
    IF scale(amount::numeric) > headroom.minor_digits(currency) THEN
        PERFORM headroom.refuse(
            format('amount %s has %s decimals, but %s has %s', amount, scale(amount::numeric), currency,
                headroom.minor_digits(currency)),
            'Write the net overage charge that stands on the document.');
    END IF;
END
$$;

-- Refuses values of an invoice that cannot be. They are texts as they were written, so that no digit is lost before it
-- is looked at; see invoice_add for what they are.
CREATE FUNCTION headroom.check_invoice(number text, kind text, handles text)
RETURNS void
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(octet_length(number), 0) NOT BETWEEN 1 AND 100
        OR number ~ '[\u0001-\u001F\u007F-\u009F]'
        OR number <> btrim(number)
    THEN
        PERFORM headroom.refuse(
            format('bad number %s of a document: it has 1 to 100 bytes, no control characters, no blank at its ends',
                coalesce(quote_literal(number), '(none)')),
            'Write the number that stands on it.');
    END IF;
    IF kind IS NULL OR kind NOT IN ('invoice', 'credit') THEN
        PERFORM headroom.refuse(
            format('unknown kind %s of document', coalesce(quote_literal(kind), '(none)')), 'Give invoice or credit.');
    END IF;
    IF handles IS NULL OR handles !~ '^[0-9]{1,15}$' THEN
        PERFORM headroom.refuse(
            format('bad number of handles %s', coalesce(quote_literal(handles), '(none)')),
            'Write how many unique handles the document says, in digits only.');
    END IF;
END
$$;

-- Takes down a document of the vendor, as a link of the chain; returns its invoice_id.
--   of_month: the first day of the calendar month that it charges; number: as it stands on it; kind: invoice or credit;
--   invoice_date: as 2026-11-03; handles: unique handles that it says (of a credit: that it takes back); amount: net
--   overage charge in currency, which is the terms'; document, document_sha256: its file, null: none; at, by_whom: when
--   and by whom it is taken down.
CREATE FUNCTION headroom.invoice_add(
    of_contract bigint, of_month date, number text, kind text, invoice_date text, handles text, amount text,
    currency text, document text, document_sha256 bytea, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    new_invoice bigint;
    known headroom.invoice;
BEGIN
    PERFORM headroom.check_invoice(number, kind, handles);
    PERFORM headroom.check_invoice_amount(amount, currency, of_contract, of_month);
    INSERT INTO headroom.invoice AS i (
        contract_id, month, number, kind, invoice_date, unique_handles, amount, currency, document, document_sha256,
        added_at, added_by)
    VALUES (
        of_contract, of_month, invoice_add.number, invoice_add.kind::headroom.invoice_kind,
        headroom.invoice_day(invoice_add.invoice_date), handles::bigint,
        round(invoice_add.amount::numeric, headroom.minor_digits(invoice_add.currency)), invoice_add.currency,
        invoice_add.document, invoice_add.document_sha256, at, by_whom)
    ON CONFLICT (contract_id, number) DO NOTHING
    RETURNING i.invoice_id INTO new_invoice;
    IF new_invoice IS NULL THEN
        SELECT i.*
        INTO known
        FROM headroom.invoice AS i
        WHERE i.contract_id = of_contract
            AND i.number = invoice_add.number;
        PERFORM headroom.refuse(
            format('%s %L is there already: of %s, %s handles, %s %s', known.kind, known.number,
                to_char(known.month, 'YYYY-MM'), known.unique_handles, headroom.money(known.amount, known.currency),
                known.currency),
            'Each document is taken down once; a correction of the vendor is another document.', 'HR002');
    END IF;
    PERFORM headroom.chain_append(
        'invoice', new_invoice, sha256(convert_to(headroom.invoice_form(new_invoice), 'UTF8')), at);
    RETURN new_invoice;
END
$$;

-- Takes down what was decided of an invoice, as a link of the chain; returns its decision_id.
--   of_contract: null where the number alone says which; status: open, disputed or accepted; note: why.
CREATE FUNCTION headroom.invoice_decide(
    of_contract bigint, of_number text, status text, note text, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    meant CONSTANT bigint[] := ARRAY(
        SELECT i.invoice_id
        FROM headroom.invoice AS i
        WHERE i.number = of_number
            AND (of_contract IS NULL OR i.contract_id = of_contract));
    new_decision bigint;
BEGIN
    IF cardinality(meant) = 0 THEN
        PERFORM headroom.refuse(
            format('there is no invoice %L', of_number), '`headroom invoice list` shows those that there are.');
    ELSIF cardinality(meant) > 1 THEN
        PERFORM headroom.refuse(
            format('%s contracts have an invoice %L', cardinality(meant), of_number), 'Name one with --contract.');
    END IF;
    INSERT INTO headroom.invoice_decision AS d (invoice_id, status, note, decided_at, decided_by)
    VALUES (meant[1], invoice_decide.status::headroom.invoice_status, invoice_decide.note, at, by_whom)
    RETURNING d.decision_id INTO new_decision;
    PERFORM headroom.chain_append(
        'invoice-status', new_decision, sha256(convert_to(headroom.invoice_decision_form(new_decision), 'UTF8')), at);
    RETURN new_decision;
END
$$;

-- Takes down a vendor's list whose handles are there already under its number, as a link of the chain; returns how many
-- different ones it has.
CREATE FUNCTION headroom.invoice_list_add(
    of_list bigint, of_contract bigint, of_month date, file text, file_sha256 bytea, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    entries CONSTANT bigint NOT NULL := (SELECT count(*) FROM headroom.invoice_handle AS h WHERE h.list_id = of_list);
BEGIN
    INSERT INTO headroom.invoice_list (
        list_id, contract_id, month, file, file_sha256, entries, list_digest, added_at, added_by)
    VALUES (
        of_list, of_contract, of_month, file, file_sha256, entries,
        (SELECT d.subjects FROM headroom.invoice_list_digests(of_list) AS d), at, by_whom);
    PERFORM headroom.chain_append(
        'invoice-handles', of_list, sha256(convert_to(headroom.invoice_list_form(of_list), 'UTF8')), at);
    RETURN entries;
END
$$;
