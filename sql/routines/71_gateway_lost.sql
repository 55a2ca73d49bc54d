-- SPDX-License-Identifier: MIT
-- The requests that went through a gateway and are not in the ledger.

-- Columns: spool; source: of its events; starts_at, ends_at: half-open, when these requests were; requests: how many;
-- words: what happened, for a person, without the times.
CREATE VIEW headroom.gateway_lost AS
SELECT
    g.spool,
    'gateway ' || g.spool AS source,
    g.starts_at,
    g.ends_at + INTERVAL '1 microsecond' AS ends_at,
    g.requests,
    format(
        '%s request%s forwarded without a record: %s',
        g.requests, CASE WHEN g.requests = 1 THEN ' was' ELSE 's were' END, g.reason) AS words
FROM headroom.gateway_gap AS g
UNION ALL
SELECT
    h.spool,
    'gateway ' || h.spool,
    h.starts_at,
    h.ends_at + INTERVAL '1 microsecond',
    upper(part.numbers) - lower(part.numbers),
    CASE
        WHEN upper(part.numbers) - lower(part.numbers) = 1 THEN
            format('1 recorded request never came: number %s', lower(part.numbers))
        ELSE
            format(
                '%s recorded requests never came: numbers %s to %s', upper(part.numbers) - lower(part.numbers),
                lower(part.numbers), upper(part.numbers) - 1)
    END || '; "headroom gateway replay" takes in what the spool still keeps'
FROM headroom.gateway_hole AS h
JOIN headroom.gateway_spool AS s USING (spool)
CROSS JOIN LATERAL unnest(
    int8multirange(int8range(h.first_number, h.last_number, '[]')) - s.taken) AS part (numbers);
