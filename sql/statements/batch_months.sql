-- SPDX-License-Identifier: MIT
-- The contracts' months that some batches can change: those with their events, whose usage is to be made again, and
-- those with usage of handles of which they taught the owner.
-- $1 batch ids (bigint[]). Columns: contract_id, name, month (a date), has_events. By name and month.
WITH brought AS (
    SELECT DISTINCT daily.contract_id, daily.month
    FROM headroom.batch_source AS source
    CROSS JOIN LATERAL generate_series(
        headroom.whole_month_at(source.contract_id, source.first_event)::timestamp,
        headroom.whole_month_at(source.contract_id, source.last_event)::timestamp,
        INTERVAL '1 month') AS span (month)
    JOIN headroom.daily AS daily
        ON daily.contract_id = source.contract_id
        AND daily.month = span.month::date
        AND daily.batch_id = source.batch_id
    WHERE source.batch_id = ANY ($1::bigint[])
),
taught AS MATERIALIZED (
    SELECT subject FROM headroom.identity_fact WHERE batch_id = ANY ($1::bigint[])
    UNION
    SELECT subject FROM headroom.identity_claim WHERE batch_id = ANY ($1::bigint[])
),
owned AS (
    SELECT DISTINCT usage.contract_id, usage.month
    FROM headroom.usage AS usage
    WHERE usage.subject >= '@'
        AND usage.subject < 'A'
        AND usage.subject IN (SELECT taught.subject FROM taught)
)
SELECT contract_id, contract.name, months.month, bool_or(has_events) AS has_events
FROM (
    SELECT brought.contract_id, brought.month, true AS has_events FROM brought
    UNION ALL
    SELECT owned.contract_id, owned.month, false FROM owned
) AS months
JOIN headroom.contract AS contract USING (contract_id)
CROSS JOIN LATERAL headroom.period(contract_id, months.month) AS period
GROUP BY contract_id, contract.name, months.month
ORDER BY contract.name, months.month;
