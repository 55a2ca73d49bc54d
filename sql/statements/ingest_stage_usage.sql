-- SPDX-License-Identifier: MIT
-- The staging table of a batch's usage, empty at the end of every transaction. For each class: its first event. That of a
-- class is mostly that of the class before it, and is then not sent twice.
CREATE TEMPORARY TABLE staged_usage (
    contract_id        bigint NOT NULL,
    month              date NOT NULL,
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
    attempted_at       timestamptz,
    attempted_source   text COLLATE "C",
    attempted_id       text COLLATE "C",
    attempted_class    headroom.class,
    attempted_app      text COLLATE "C",
    attempted_label    text COLLATE "C",
    answered_same      boolean NOT NULL,    -- the first answered event is the first attempted one
    answered_at        timestamptz,
    answered_source    text COLLATE "C",
    answered_id        text COLLATE "C",
    answered_class     headroom.class,
    answered_app       text COLLATE "C",
    answered_label     text COLLATE "C",
    delivered_same     boolean NOT NULL,    -- the first delivered event is the first answered one
    delivered_at       timestamptz,
    delivered_source   text COLLATE "C",
    delivered_id       text COLLATE "C",
    delivered_class    headroom.class,
    delivered_app      text COLLATE "C",
    delivered_label    text COLLATE "C"
) ON COMMIT DELETE ROWS;
