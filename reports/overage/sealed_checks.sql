-- SPDX-License-Identifier: MIT
-- What was checked when the month was closed, as its seal says: the checklist, then the control totals of the
-- statement. No row where the month is not closed.
-- $1 contract_id bigint; $2 month date.
-- Columns: see checks.json.
WITH sealed AS MATERIALIZED (
    SELECT seal.checklist::jsonb AS checklist, seal.statement::jsonb AS statement
    FROM headroom.seal_of($1::bigint, $2::date) AS seal
)
SELECT
    line.name,
    line.expected,
    line.found,
    line.found - line.expected AS difference,
    line.state,
    line.words
FROM (
    SELECT
        1 AS part,
        item.ordinality,
        item.value ->> 'name' AS name,
        NULL::bigint AS expected,
        NULL::bigint AS found,
        item.value ->> 'state' AS state,
        item.value ->> 'words' AS words
    FROM sealed
    CROSS JOIN LATERAL jsonb_array_elements(sealed.checklist -> 'checks') WITH ORDINALITY AS item
    UNION ALL
    SELECT
        2,
        item.ordinality,
        item.value ->> 'name',
        (item.value ->> 'expected')::bigint,
        (item.value ->> 'found')::bigint,
        item.value ->> 'state',
        NULL
    FROM sealed
    CROSS JOIN LATERAL jsonb_array_elements(sealed.statement -> 'checks') WITH ORDINALITY AS item
) AS line
ORDER BY line.part, line.ordinality;
