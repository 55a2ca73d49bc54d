-- SPDX-License-Identifier: MIT
-- What gateways say beside their events: which requests of a spool came, which went by without a record, and what the
-- gate decided. Small tables (reference tables on Citus).

-- A gateway's spool. The numbers of its requests follow one another from 1, so that those that never come show.
CREATE TABLE headroom.gateway_spool (
    spool        text COLLATE "C" PRIMARY KEY CHECK (spool ~ '^[0-9a-f]{32}$'),
    first_seen   timestamptz NOT NULL,
    taken        int8multirange NOT NULL DEFAULT '{}',  -- the numbers that came, as events or to the quarantine
    settled      bigint NOT NULL DEFAULT 0,             -- nothing up to here is still in the spool
    settled_time timestamptz                            -- of a request with about that number; null: none yet
);

-- Numbers that had not come when nothing up to them was in the spool any more. A replay may bring them later: what
-- of them is still missing says the view gateway_lost.
CREATE TABLE headroom.gateway_hole (
    spool        text COLLATE "C" NOT NULL REFERENCES headroom.gateway_spool,
    first_number bigint NOT NULL,
    last_number  bigint NOT NULL CHECK (last_number >= first_number),
    starts_at    timestamptz NOT NULL,   -- these requests lie between this time
    ends_at      timestamptz NOT NULL,   -- and this one
    PRIMARY KEY (spool, first_number, last_number)
);

-- Requests that a gateway forwarded without a record (--on-full forward).
CREATE TABLE headroom.gateway_gap (
    spool     text COLLATE "C" NOT NULL REFERENCES headroom.gateway_spool,
    note      bigint NOT NULL,           -- its number in the spool
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    requests  bigint NOT NULL CHECK (requests >= 0),
    reason    text NOT NULL,
    PRIMARY KEY (spool, note)
);

-- What the gate for new handles decided, where it was more than to let a known one pass.
CREATE TABLE headroom.gateway_gate (
    spool          text COLLATE "C" NOT NULL REFERENCES headroom.gateway_spool,
    note           bigint NOT NULL,
    contract       text COLLATE "C",     -- as the gateway named it; null: it named none
    subject        text COLLATE "C" NOT NULL,
    decided_at     timestamptz NOT NULL,
    decision       text COLLATE "C" NOT NULL,  -- observed, refused, offline_passed, offline_refused …
    unit_limit     bigint,               -- at which it closed; null: not known
    unique_handles bigint,               -- as it knew them; null: not known
    PRIMARY KEY (spool, note)
);

GRANT INSERT ON headroom.gateway_spool, headroom.gateway_hole, headroom.gateway_gap, headroom.gateway_gate
TO headroom_writer;
GRANT UPDATE (taken, settled, settled_time) ON headroom.gateway_spool TO headroom_writer;
