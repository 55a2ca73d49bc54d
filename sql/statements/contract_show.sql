-- SPDX-License-Identifier: MIT
-- Contracts as JSON, each as it could be imported again: what stands at the contract's level is the first term's value.
-- $1 contract_id bigint (null: all). Column: document (json).
WITH pricing AS (
    SELECT
        term.term_id,
        CASE term.pricing
            WHEN 'flat' THEN json_build_object('model', 'flat', 'unit_price', min(tier.unit_price::text))
            WHEN 'package' THEN json_build_object(
                'model', 'package', 'size', term.package_size, 'price', min(tier.unit_price::text))
            ELSE json_build_object(
                'model', term.pricing,
                'tiers', json_agg(
                    json_build_object(
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
        json_agg(
            json_build_object(
                'from', term.valid_from, 'limit', term.unit_limit, 'currency', term.currency,
                'pricing', pricing.document, 'fee', term.fee::text, 'minimum', term.minimum::text,
                'cap', term.cap::text,
                'tolerance', json_build_object('units', term.tolerance_units, 'cliff', term.tolerance_cliff),
                'proration', term.proration, 'time_zone', term.time_zone, 'billing_day', term.billing_day,
                'counting', term.counting)
            ORDER BY term.valid_from) AS document
    FROM headroom.term AS term
    JOIN pricing USING (term_id)
    GROUP BY term.contract_id
),
apps AS (
    SELECT
        contract_id,
        json_agg(json_build_object('name', name, 'key', app_key) ORDER BY name COLLATE "C", app_key) AS document
    FROM headroom.contract_app
    GROUP BY contract_id
)
SELECT json_build_object(
    'name', contract.name, 'time_zone', terms.document -> 0 -> 'time_zone',
    'billing_day', terms.document -> 0 -> 'billing_day', 'counting', terms.document -> 0 -> 'counting',
    'apps', coalesce(apps.document, json_build_array()), 'end', contract.ends_on, 'notes', contract.notes,
    'dispute_days', contract.dispute_days, 'terms', terms.document) AS document
FROM headroom.contract AS contract
JOIN terms USING (contract_id)
LEFT JOIN apps USING (contract_id)
WHERE $1::bigint IS NULL OR contract.contract_id = $1::bigint
ORDER BY contract.name;
