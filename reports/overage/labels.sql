-- SPDX-License-Identifier: MIT
-- The counted handles, the overage and the charge by the label of each handle's first counted request; the 100
-- labels with most handles, then the others together.
-- $1 contract_id bigint; $2 month date.
-- Columns: see charge.json. kind says how the figures follow from the list of handles. A spreadsheet takes texts for
-- equal that differ in case alone, so where there may be two such labels the figures stand as they are counted; and
-- a list of more than 100,000 is not gone through for each label again.
SELECT
    CASE
        WHEN share.shape = 'others'
            OR month.unique_handles > 100000
            OR count(*) OVER (PARTITION BY regexp_replace(lower(share.name), '[^ -~]', '?', 'g')) > 1
            THEN 'counted'
        ELSE share.shape
    END AS kind,
    CASE share.shape
        WHEN 'named' THEN share.name
        WHEN 'none' THEN '(none)'
        ELSE format('%s others', share.members)
    END AS label,
    share.unique_handles,
    share.overage,
    coalesce(share.overage::double precision / nullif(month.overage, 0), 0) AS overage_share,
    headroom.money(share.charge, month.currency) AS charge
FROM headroom.stated_use($1::bigint, $2::date) AS month
CROSS JOIN LATERAL headroom.charge_shares($1::bigint, $2::date, 'label', 100) AS share
ORDER BY share.place;
