-- SPDX-License-Identifier: MIT
-- The use of the vendor's rate limit by minute and app, as the answers' x-per-minute headers say.

-- Of requests whose answer says something of the limit, or is 429. Rows are only ever inserted, one set a batch, as in
-- daily: one of each batch, minute and app, which a recount proves.
CREATE TABLE headroom.rate_minute (
    batch_id           bigint NOT NULL,
    contract_id        bigint NOT NULL,
    minute             timestamptz NOT NULL,      -- its begin
    app                text COLLATE "C",          -- consumer key; null: none was logged
    requests           bigint NOT NULL,
    rate_limited       bigint NOT NULL,           -- answers 429
    rate_remaining_min integer,                   -- null: no answer said so
    rate_limit_max     integer
);

-- A month is read whole, and lies together as it came. There can be a row for each minute of a thin log, so what a row
-- costs to insert matters.
CREATE INDEX rate_minute_minute ON headroom.rate_minute USING brin (minute) WITH (pages_per_range = 16);

GRANT SELECT ON headroom.rate_minute TO headroom_reader, headroom_writer;
GRANT INSERT ON headroom.rate_minute TO headroom_writer;

INSERT INTO headroom.rate_minute (
    batch_id, contract_id, minute, app, requests, rate_limited, rate_remaining_min, rate_limit_max)
SELECT
    e.batch_id,
    e.contract_id,
    date_trunc('minute', e.occurred_at, 'UTC'),
    e.app,
    count(*),
    count(*) FILTER (WHERE e.status = 429),
    min(e.rate_remaining),
    max(e.rate_limit)
FROM headroom.event AS e
WHERE e.rate_limit IS NOT NULL
    OR e.rate_remaining IS NOT NULL
    OR e.status = 429
GROUP BY 1, 2, 3, 4;
