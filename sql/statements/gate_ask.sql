-- SPDX-License-Identifier: MIT
-- Decides about requests that want to pass the gate: headroom.gate_ask.
-- $1 contract's name; $2 source of their events; $3 closes_at bigint or null; $4 the requests as JSON: [[subject,
-- microseconds since the epoch], …].
-- Columns, in the order of the requests: decision, unit_limit, unique_handles. No row where there is no such contract.
SELECT a.decision, a.unit_limit, a.unique_handles
FROM headroom.contract AS c
CROSS JOIN LATERAL (
    SELECT
        array_agg(r.value ->> 0 ORDER BY r.ordinality) AS subjects,
        array_agg(TIMESTAMPTZ 'epoch' + (r.value ->> 1)::bigint * INTERVAL '1 microsecond' ORDER BY r.ordinality)
            AS times
    FROM json_array_elements($4::json) WITH ORDINALITY AS r
) AS q
CROSS JOIN LATERAL headroom.gate_ask(
    c.contract_id, $2::text, $3::bigint, q.subjects, q.times, clock_timestamp()) AS a
WHERE c.name = $1::text
ORDER BY a.place;
