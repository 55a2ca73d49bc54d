-- SPDX-License-Identifier: MIT
-- The raw facts and what is maintained from them. Large tables, distributed by subject on Citus: subject is a plain
-- column of every unique key, no foreign key leaves them, no trigger or row rule stands on them.

CREATE TYPE headroom.class AS ENUM ('not_attempted', 'attempted', 'answered', 'delivered');
CREATE TYPE headroom.endpoint AS ENUM ('totals', '28hr', 'historical');
CREATE TYPE headroom.outcome AS ENUM (
    'ok', 'partial', 'bad_request', 'auth_failed', 'forbidden', 'unavailable', 'too_old', 'too_old_video', 'not_found',
    'rate_limited', 'server_error', 'no_answer', 'unknown');

-- One row an API request, never changed. The key begins with the time, so that index inserts stay local.
CREATE TABLE headroom.event (
    occurred_at    timestamptz NOT NULL,
    contract_id    bigint NOT NULL,
    source         text COLLATE "C" NOT NULL,
    event_id       text COLLATE "C" NOT NULL,
    subject        text COLLATE "C" NOT NULL,
    via_app        boolean NOT NULL,
    class          headroom.class NOT NULL,
    batch_id       bigint NOT NULL,
    ordinal        integer NOT NULL,            -- in its batch, from 0
    position       bigint NOT NULL,             -- line of its file, or sequence of its gateway
    status         smallint,
    tweet_count    integer,
    endpoint       headroom.endpoint,
    outcome        headroom.outcome,
    rate_limit     integer,
    rate_remaining integer,
    latency_ms     integer,
    bytes          bigint,
    handle         text COLLATE "C",            -- as seen
    app            text COLLATE "C",
    label          text COLLATE "C",
    failed         json,                        -- canonical text: json keeps it as it is
    metrics        json,
    PRIMARY KEY (occurred_at, contract_id, source, event_id, subject, via_app, class)
) PARTITION BY RANGE (occurred_at);

-- Serves the proof of a batch. New ranges are summarised outside the load.
CREATE INDEX event_batch ON headroom.event USING brin (batch_id);

-- The first event of a class, with its evidence. The order of the columns is the order of "first": time, then source,
-- then id, then class; so LEAST of two of them is the earlier event.
CREATE TYPE headroom.first_event AS (
    occurred_at timestamptz,
    source      text COLLATE "C",
    event_id    text COLLATE "C",
    class       headroom.class,
    batch_id    bigint,
    app         text COLLATE "C",
    label       text COLLATE "C"
);

-- What a subject used in a billing month. Everything merges by sum, bit-or, least or greatest, so the order of loading
-- never matters. Bit k of the days is day k of the uncut period in the contract's zone. A class holds the classes
-- after it: what was answered was attempted.
CREATE TABLE headroom.usage (
    contract_id        bigint NOT NULL,
    month              date NOT NULL,           -- the first day of the calendar month that names the period
    subject            text COLLATE "C" NOT NULL,
    via_app            boolean NOT NULL,
    requests           bigint NOT NULL,
    attempted_requests bigint NOT NULL,
    answered_requests  bigint NOT NULL,
    delivered_requests bigint NOT NULL,
    attempted_days     bigint NOT NULL,
    answered_days      bigint NOT NULL,
    delivered_days     bigint NOT NULL,
    last_seen          timestamptz NOT NULL,
    first_attempted    headroom.first_event,    -- null: none of that class
    first_answered     headroom.first_event,
    first_delivered    headroom.first_event,
    PRIMARY KEY (contract_id, month, subject, via_app)
) WITH (fillfactor = 80);

-- Requests by day: rows are only ever inserted, one set a batch, so that loaders share no counter.
CREATE TABLE headroom.daily (
    batch_id           bigint NOT NULL,
    contract_id        bigint NOT NULL,
    month              date,                    -- null: under no terms
    day                smallint,                -- the day's bit; null as month
    source             text COLLATE "C" NOT NULL,
    via_app            boolean NOT NULL,
    ownerless          boolean NOT NULL,        -- subject ~app
    class              headroom.class NOT NULL,
    endpoint           headroom.endpoint,
    outcome            headroom.outcome,
    requests           bigint NOT NULL,
    failed_tweets      bigint NOT NULL,
    rate_limited       bigint NOT NULL,         -- answers 429
    rate_remaining_min integer,
    rate_limit_max     integer,
    UNIQUE NULLS NOT DISTINCT
        (contract_id, month, day, batch_id, source, via_app, ownerless, class, endpoint, outcome)
);

-- That a handle was seen together with a user id. Stored once for each batch that taught it, with the first time in
-- that batch, so that taking a batch back takes away exactly what it taught.
CREATE TABLE headroom.identity_fact (
    subject        text COLLATE "C" NOT NULL,   -- '@' and the normalised handle
    user_id        bigint NOT NULL CHECK (user_id > 0),
    batch_id       bigint NOT NULL,
    first_together timestamptz NOT NULL,
    PRIMARY KEY (subject, user_id, batch_id)
);
