-- SPDX-License-Identifier: MIT
-- Contracts as they are, beside their last version on record. The document is made here from the rows, and not by the
-- function that made it for the version: who owns the database could have replaced that.
-- Columns: name; document (JSON); version, recorded (JSON): null for a contract that has no version, but an end, which
-- only a version brings.
WITH pricing AS (
    SELECT
        term.term_id,
        CASE term.pricing
            WHEN 'flat' THEN jsonb_build_object('model', 'flat', 'unit_price', min(tier.unit_price::text))
            WHEN 'package' THEN jsonb_build_object(
                'model', 'package', 'size', term.package_size, 'price', min(tier.unit_price::text))
            ELSE jsonb_build_object(
                'model', term.pricing,
                'tiers', jsonb_agg(
                    jsonb_build_object(
                        'up_to', tier.up_to, 'unit_price', tier.unit_price::text,
                        'flat_fee', coalesce(tier.flat_fee, 0)::text)
                    ORDER BY tier.tier))
        END AS document
    FROM headroom.term AS term
    JOIN headroom.term_tier AS tier USING (term_id)
    GROUP BY term.term_id
),
terms AS (
    SELECT
        term.contract_id,
        jsonb_agg(
            jsonb_build_object(
                'from', term.valid_from, 'limit', term.unit_limit, 'currency', term.currency,
                'pricing', pricing.document, 'fee', term.fee::text, 'minimum', term.minimum::text,
                'cap', term.cap::text,
                'tolerance', jsonb_build_object('units', term.tolerance_units, 'cliff', term.tolerance_cliff),
                'proration', term.proration, 'time_zone', term.time_zone, 'billing_day', term.billing_day,
                'counting', term.counting)
            ORDER BY term.valid_from) AS document
    FROM headroom.term AS term
    LEFT JOIN pricing USING (term_id)
    WHERE term.retired_in IS NULL
    GROUP BY term.contract_id
),
found AS (
    SELECT
        contract.contract_id,
        contract.name,
        contract.ends_on,
        jsonb_build_object(
            'name', contract.name, 'time_zone', terms.document -> 0 -> 'time_zone',
            'billing_day', terms.document -> 0 -> 'billing_day', 'counting', terms.document -> 0 -> 'counting',
            'apps', coalesce(
                (SELECT jsonb_agg(
                    jsonb_build_object('name', app.name, 'key', app.app_key)
                    ORDER BY app.name COLLATE "C", app.app_key)
                FROM headroom.contract_app AS app
                WHERE app.contract_id = contract.contract_id),
                '[]'),
            'end', contract.ends_on, 'notes', contract.notes,
            'answers', coalesce(
                (SELECT jsonb_agg(
                    jsonb_build_object(
                        'question', answer.question, 'answer', answer.answer, 'date', answer.given_on,
                        'by', answer.given_by)
                    ORDER BY answer.place)
                FROM headroom.contract_answer AS answer
                WHERE answer.contract_id = contract.contract_id),
                '[]'),
            'dispute_days', contract.dispute_days,
            'alternatives', coalesce(
                (SELECT jsonb_agg(
                    jsonb_build_object(
                        'name', level.name, 'limit', level.unit_limit, 'fee', level.fee::text,
                        'pricing', level.pricing)
                    ORDER BY level.place)
                FROM headroom.contract_alternative AS level
                WHERE level.contract_id = contract.contract_id),
                '[]'),
            'terms', terms.document) AS document
    FROM headroom.contract AS contract
    LEFT JOIN terms USING (contract_id)
)
SELECT found.name, found.document, last.version, last.document AS recorded
FROM found
LEFT JOIN LATERAL (
    SELECT version.version, version.document
    FROM headroom.contract_version AS version
    WHERE version.contract_id = found.contract_id
    ORDER BY version.version DESC
    LIMIT 1
) AS last ON true
WHERE last.version IS NOT NULL OR found.ends_on IS NOT NULL
ORDER BY found.name;
