-- SPDX-License-Identifier: MIT
-- What the batches of a contract add up to, so that a look at a month costs the same after a year of small batches as
-- after a day of them.

-- A month's usage added up, in one row for each kind of subject: each batch is merged into it where it had rows of its
-- own. Loaders touch it last before the chain's head, for which they wait for each other anyhow.
ALTER TABLE headroom.usage_total RENAME TO usage_total_of_batch;

CREATE TABLE headroom.usage_total (
    contract_id        bigint NOT NULL,
    month              date NOT NULL,
    subject_kind       text COLLATE "C" NOT NULL,    -- user, handle, token or app: see headroom.subject_kind
    via_app            boolean NOT NULL,
    requests           bigint NOT NULL,
    attempted_requests bigint NOT NULL,
    answered_requests  bigint NOT NULL,
    delivered_requests bigint NOT NULL,
    attempted_subjects bigint NOT NULL,              -- those that have such requests in the month
    answered_subjects  bigint NOT NULL,
    delivered_subjects bigint NOT NULL,
    PRIMARY KEY (contract_id, month, subject_kind, via_app)
);

INSERT INTO headroom.usage_total (
    contract_id, month, subject_kind, via_app, requests, attempted_requests, answered_requests, delivered_requests,
    attempted_subjects, answered_subjects, delivered_subjects)
SELECT
    t.contract_id,
    t.month,
    t.subject_kind,
    t.via_app,
    sum(t.requests),
    sum(t.attempted_requests),
    sum(t.answered_requests),
    sum(t.delivered_requests),
    sum(t.attempted_subjects),
    sum(t.answered_subjects),
    sum(t.delivered_subjects)
FROM headroom.usage_total_of_batch AS t
GROUP BY t.contract_id, t.month, t.subject_kind, t.via_app;

DROP TABLE headroom.usage_total_of_batch;

GRANT SELECT ON headroom.usage_total TO headroom_reader, headroom_writer;
GRANT INSERT, UPDATE ON headroom.usage_total TO headroom_writer;

-- The hours of a batch, and of a source's day, are both looked up. A day of small batches has one entry in the second
-- index for all of them.
ALTER TABLE headroom.source_hours
    DROP CONSTRAINT source_hours_pkey,
    ADD PRIMARY KEY (batch_id, contract_id, source, day);

CREATE INDEX source_hours_day ON headroom.source_hours (contract_id, source, day);

-- What batch_source and source_hours add up to without voided batches; no row where nothing is left. Nothing but
-- headroom.add_batch_sources and headroom.rebuild_sources writes them. Small tables (reference tables on Citus).
CREATE TABLE headroom.source_total (
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    source      text COLLATE "C" NOT NULL,
    events      bigint NOT NULL,
    first_event timestamptz NOT NULL,
    last_event  timestamptz NOT NULL,
    PRIMARY KEY (contract_id, source)
);

CREATE TABLE headroom.source_day (
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    source      text COLLATE "C" NOT NULL,
    day         date NOT NULL,                -- UTC
    hours       integer NOT NULL,             -- as in source_hours
    PRIMARY KEY (contract_id, source, day)
);

-- Routines are not there at an upgrade.
CREATE VIEW headroom.voided_before AS
SELECT last_change.batch_id
FROM (
    SELECT DISTINCT ON (c.batch_id) c.batch_id, c.action
    FROM headroom.batch_change AS c
    ORDER BY c.batch_id, c.change_id DESC
) AS last_change
WHERE last_change.action <> 'restore';

INSERT INTO headroom.source_total (contract_id, source, events, first_event, last_event)
SELECT b.contract_id, b.source, sum(b.events), min(b.first_event), max(b.last_event)
FROM headroom.batch_source AS b
WHERE b.batch_id NOT IN (SELECT v.batch_id FROM headroom.voided_before AS v)
GROUP BY b.contract_id, b.source;

INSERT INTO headroom.source_day (contract_id, source, day, hours)
SELECT h.contract_id, h.source, h.day, bit_or(h.hours)
FROM headroom.source_hours AS h
WHERE h.batch_id NOT IN (SELECT v.batch_id FROM headroom.voided_before AS v)
GROUP BY h.contract_id, h.source, h.day;

DROP VIEW headroom.voided_before;

GRANT SELECT ON headroom.source_total, headroom.source_day TO headroom_reader, headroom_writer;
