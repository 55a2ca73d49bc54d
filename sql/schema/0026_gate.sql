-- SPDX-License-Identifier: MIT
-- The gate for new handles: who asks, who was let through and is not counted yet, whom somebody allowed. Small tables
-- (reference tables on Citus).

-- Who asks for a place takes the contract's row FOR UPDATE, so that two can't both take the last one. Loaders do not
-- touch it: they neither wait for the gate nor does it wait for them.
CREATE TABLE headroom.gate_lock (
    contract_id bigint PRIMARY KEY REFERENCES headroom.contract,
    touched     timestamptz NOT NULL
);

-- The places that were given to handles whose requests are not all taken in yet. A row goes when the handle is counted,
-- or when its source has delivered all up to after its last request and it is not.
CREATE TABLE headroom.gate_pass (
    contract_id  bigint NOT NULL REFERENCES headroom.contract,
    month        date NOT NULL CHECK (EXTRACT(DAY FROM month) = 1),
    subject      text COLLATE "C" NOT NULL,
    source       text COLLATE "C" NOT NULL,  -- of the gateway's events: whoever gave it will deliver them
    passed_at    timestamptz NOT NULL,       -- time of the last request that passed with it
    until_before timestamptz NOT NULL,       -- up to when the source had delivered then; -infinity: nothing
    PRIMARY KEY (contract_id, month, subject, source)
);

-- Handles that may pass in a month whatever its limit is. A row is never changed.
CREATE TABLE headroom.gate_allowance (
    allowance_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id  bigint NOT NULL REFERENCES headroom.contract,
    month        date NOT NULL CHECK (EXTRACT(DAY FROM month) = 1),
    subject      text COLLATE "C" NOT NULL
        CHECK (subject ~ '^(@[a-z0-9_]{1,20}|[1-9][0-9]{0,18}|~[0-9a-f]{64})$'),
    reason       text NOT NULL CHECK (reason <> ''),
    allowed_at   timestamptz NOT NULL,
    allowed_by   text NOT NULL,
    UNIQUE (contract_id, month, subject)
);

GRANT SELECT ON headroom.gate_lock, headroom.gate_pass, headroom.gate_allowance TO headroom_reader, headroom_writer;
GRANT INSERT, UPDATE (touched) ON headroom.gate_lock TO headroom_writer;
GRANT INSERT, UPDATE (passed_at, until_before), DELETE ON headroom.gate_pass TO headroom_writer;
GRANT INSERT ON headroom.gate_allowance TO headroom_writer;
