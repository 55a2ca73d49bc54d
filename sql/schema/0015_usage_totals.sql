-- SPDX-License-Identifier: MIT
-- What each batch added to a month's usage, so that the month is counted without going through its subjects.

-- Rows are only ever inserted, one set a batch, so that loaders share no counter. Together they are what the usage adds
-- up to; making a month's usage again makes one set without a batch of them.
CREATE TABLE headroom.usage_total (
    contract_id        bigint NOT NULL,
    month              date NOT NULL,
    batch_id           bigint,                       -- null: made from the usage as a whole
    subject_kind       text COLLATE "C" NOT NULL,    -- user, handle, token or app: see headroom.subject_kind
    via_app            boolean NOT NULL,
    requests           bigint NOT NULL,
    attempted_requests bigint NOT NULL,
    answered_requests  bigint NOT NULL,
    delivered_requests bigint NOT NULL,
    attempted_subjects bigint NOT NULL,              -- those that had no such request in the month before
    answered_subjects  bigint NOT NULL,
    delivered_subjects bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (contract_id, month, batch_id, subject_kind, via_app)
);

INSERT INTO headroom.usage_total (
    contract_id, month, batch_id, subject_kind, via_app, requests, attempted_requests, answered_requests,
    delivered_requests, attempted_subjects, answered_subjects, delivered_subjects)
SELECT
    u.contract_id,
    u.month,
    NULL,
    CASE
        WHEN u.subject = '~app' THEN 'app'
        WHEN u.subject LIKE '~%' THEN 'token'
        WHEN u.subject LIKE '@%' THEN 'handle'
        ELSE 'user'
    END,
    u.via_app,
    sum(u.requests),
    sum(u.attempted_requests),
    sum(u.answered_requests),
    sum(u.delivered_requests),
    count(*) FILTER (WHERE u.attempted_requests > 0),
    count(*) FILTER (WHERE u.answered_requests > 0),
    count(*) FILTER (WHERE u.delivered_requests > 0)
FROM headroom.usage AS u
GROUP BY 1, 2, 4, 5;

-- What the app asked for in the name of an owner may share that owner with what the owner asked for: it is few, and
-- looked at row by row.
CREATE INDEX usage_via_app ON headroom.usage (contract_id, month, subject) WHERE via_app;

GRANT SELECT ON headroom.usage_total TO headroom_reader, headroom_writer;
GRANT INSERT ON headroom.usage_total TO headroom_writer;
