-- SPDX-License-Identifier: MIT
-- Making contracts. A value that cannot be is refused with SQLSTATE HR001 (a name that is taken: HR002), a message for
-- a person and the way out as HINT.

-- Refuses a value of a contract.
CREATE FUNCTION headroom.refuse(message text, hint text, code text DEFAULT 'HR001')
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = message, HINT = hint, ERRCODE = code;
END
$$;

-- Refuses values of a contract that cannot be: see contract_add for what they are.
CREATE FUNCTION headroom.check_contract(
    name text, unit_limit bigint, unit_price numeric, currency text, billing_day integer, time_zone text,
    valid_from date, counting text)
RETURNS void
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    -- Which characters are control characters must not depend on the database's locale.
    IF coalesce(octet_length(name), 0) NOT BETWEEN 1 AND 100
        OR name ~ '[\u0001-\u001F\u007F-\u009F]'
        OR name <> btrim(name)
    THEN
        PERFORM headroom.refuse(
            'bad contract name: it has 1 to 100 bytes, no control characters, and no blank at its ends',
            'Choose another name.');
    END IF;
    IF unit_limit < 0 THEN
        PERFORM headroom.refuse(
            format('bad limit %s: a limit is 0 or more unique handles', unit_limit),
            'Give the contracted number of handles, or leave the limit out where the contract has none.');
    END IF;
    IF unit_price IS NULL OR NOT (unit_price >= 0 AND unit_price < 1e12) OR scale(unit_price) > 12 THEN
        PERFORM headroom.refuse(
            format('bad price %s: a price is from 0 to below 10^12, with at most 12 decimals',
                coalesce(unit_price::text, '(none)')),
            'Give the price of one handle over the limit, such as 2.50.');
    END IF;
    IF NOT EXISTS (SELECT FROM headroom.currency AS c WHERE c.code = currency) THEN
        PERFORM headroom.refuse(
            format('unknown currency %s', coalesce(quote_literal(currency), '(none)')),
            'Give an ISO 4217 code in capital letters, such as USD, EUR or JPY.');
    END IF;
    IF billing_day IS NULL OR billing_day NOT BETWEEN 1 AND 31 THEN
        PERFORM headroom.refuse(
            format('bad billing day %s: it is a day of the month, 1 to 31', coalesce(billing_day::text, '(none)')),
            'Give the day on which the billing month begins; a day past a month''s end means its last day.');
    END IF;
    PERFORM headroom.check_zone(time_zone);
    IF valid_from IS NULL OR valid_from NOT BETWEEN DATE '2006-01-01' AND DATE '9999-12-31' THEN
        PERFORM headroom.refuse(
            format('bad start %s: terms begin on 2006-01-01 or later', coalesce(valid_from::text, '(none)')),
            'Give the first day that the contract covers.');
    END IF;
    IF counting IS NULL OR counting !~ '^(attempted|answered|delivered)([+]app)?$' THEN
        PERFORM headroom.refuse(
            format('unknown counting rule %s', coalesce(quote_literal(counting), '(none)')),
            'Give attempted, answered or delivered, each with or without +app, such as answered.');
    END IF;
END
$$;

-- Adds a contract with one set of terms and one price for each unit of overage; returns its contract_id.
--   unit_limit: unique handles a month, null where there is no limit; unit_price: exact money in currency, which is an
--   ISO 4217 code; billing_day: 1 to 31; time_zone: a name of pg_timezone_names; valid_from: the first day covered;
--   counting: its rule; at, by_whom: when and by whom it is added.
CREATE FUNCTION headroom.contract_add(
    name text, unit_limit bigint, unit_price numeric, currency text, billing_day integer, time_zone text,
    valid_from date, counting text, at timestamptz, by_whom text)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    added record;
BEGIN
    PERFORM headroom.check_contract(
        name, unit_limit, unit_price, currency, billing_day, time_zone, valid_from, counting);
    added := headroom.contract_apply(
        NULL,
        'add',
        json_build_object(
            'name', name, 'time_zone', time_zone, 'billing_day', billing_day, 'counting', counting,
            'apps', json_build_array(), 'end', NULL, 'notes', NULL, 'answers', json_build_array(),
            'dispute_days', NULL, 'alternatives', json_build_array(),
            'terms', json_build_array(
                json_build_object(
                    'from', valid_from, 'limit', unit_limit, 'currency', currency,
                    'pricing', json_build_object('model', 'flat', 'unit_price', unit_price::text),
                    'fee', NULL, 'minimum', NULL, 'cap', NULL,
                    'tolerance', json_build_object('units', 0, 'cliff', false), 'proration', 'none',
                    'time_zone', time_zone, 'billing_day', billing_day, 'counting', counting))),
        NULL,
        at,
        by_whom);
    RETURN added.contract_id;
END
$$;

-- What an app is shown as: its name, never its key; one that no contract names by the beginning of its key's digest.
--   app_name: as a contract has it, null: none does; app_key: null: null.
CREATE FUNCTION headroom.shown_app(app_name text, app_key text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(app_name, 'unnamed ' || left(encode(sha256(convert_to(app_key, 'UTF8')), 'hex'), 8))
$$;
