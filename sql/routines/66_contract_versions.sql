-- SPDX-License-Identifier: MIT
-- A contract as a document, and what its versions put into the chain.

-- The price of terms as in the document.
CREATE FUNCTION headroom.pricing_document(of_term bigint)
RETURNS json
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT CASE t.pricing
            WHEN 'flat' THEN json_build_object('model', 'flat', 'unit_price', min(r.unit_price::text))
            WHEN 'package' THEN json_build_object(
                'model', 'package', 'size', t.package_size, 'price', min(r.unit_price::text))
            ELSE json_build_object(
                'model', t.pricing,
                'tiers', json_agg(
                    json_build_object(
                        'up_to', r.up_to, 'unit_price', r.unit_price::text,
                        'flat_fee', coalesce(r.flat_fee, 0)::text)
                    ORDER BY r.tier))
        END
        FROM headroom.term AS t
        JOIN headroom.term_tier AS r USING (term_id)
        WHERE t.term_id = of_term
        GROUP BY t.term_id);
END
$$;

-- Terms as in the document.
CREATE FUNCTION headroom.term_document(of_term bigint)
RETURNS json
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'from', t.valid_from, 'limit', t.unit_limit, 'currency', t.currency,
            'pricing', headroom.pricing_document(t.term_id), 'fee', t.fee::text, 'minimum', t.minimum::text,
            'cap', t.cap::text,
            'tolerance', json_build_object('units', t.tolerance_units, 'cliff', t.tolerance_cliff),
            'proration', t.proration, 'time_zone', t.time_zone, 'billing_day', t.billing_day,
            'counting', t.counting)
        FROM headroom.term AS t
        WHERE t.term_id = of_term);
END
$$;

-- A contract as its document: all values written out. What stands at the contract's level is the first term's value.
CREATE FUNCTION headroom.contract_document(of_contract bigint)
RETURNS json
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'name', c.name, 'time_zone', first.time_zone, 'billing_day', first.billing_day,
            'counting', first.counting,
            'apps', coalesce(
                (SELECT json_agg(
                    json_build_object('name', a.name, 'key', a.app_key) ORDER BY a.name COLLATE "C", a.app_key)
                FROM headroom.contract_app AS a
                WHERE a.contract_id = of_contract),
                '[]'),
            'end', c.ends_on, 'notes', c.notes,
            'answers', coalesce(
                (SELECT json_agg(
                    json_build_object(
                        'question', a.question, 'answer', a.answer, 'date', a.given_on, 'by', a.given_by)
                    ORDER BY a.place)
                FROM headroom.contract_answer AS a
                WHERE a.contract_id = of_contract),
                '[]'),
            'dispute_days', c.dispute_days,
            'alternatives', coalesce(
                (SELECT json_agg(
                    json_build_object('name', a.name, 'limit', a.unit_limit, 'fee', a.fee::text, 'pricing', a.pricing)
                    ORDER BY a.place)
                FROM headroom.contract_alternative AS a
                WHERE a.contract_id = of_contract),
                '[]'),
            'terms', (
                SELECT json_agg(headroom.term_document(t.term_id) ORDER BY t.valid_from)
                FROM headroom.term_in_force AS t
                WHERE t.contract_id = of_contract))
        FROM headroom.contract AS c
        CROSS JOIN LATERAL (
            SELECT t.time_zone, t.billing_day, t.counting
            FROM headroom.term_in_force AS t
            WHERE t.contract_id = of_contract
            ORDER BY t.valid_from
            LIMIT 1
        ) AS first
        WHERE c.contract_id = of_contract);
END
$$;

-- What the link of a version stands for, as JSON text of all its values. The statement audit_links makes the same text
-- without this function.
CREATE FUNCTION headroom.contract_form(of_version bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    form text;
BEGIN
    SELECT jsonb_build_array(
        'headroom-contract-1', v.version_id, v.contract_id, v.version, v.action, v.document, v.reason,
        headroom.epoch_us(v.changed_at), v.changed_by)::text
    INTO STRICT form
    FROM headroom.contract_version AS v
    WHERE v.version_id = of_version;
    RETURN form;
END
$$;

-- The content digest of that link: SHA-256 over that text.
CREATE FUNCTION headroom.contract_content(of_version bigint)
RETURNS bytea
LANGUAGE sql STABLE STRICT
AS $$
    SELECT sha256(convert_to(headroom.contract_form(of_version), 'UTF8'))
$$;
