-- SPDX-License-Identifier: MIT
-- Contracts change, and every change stays on record: who, when, why, from what to what. Small tables (reference tables
-- on Citus).

-- 'found' is the contract as it stood when its versions began: contracts of before have no record of their making.
CREATE TYPE headroom.contract_action AS ENUM ('found', 'add', 'import', 'amend', 'end');

-- One row for each change, with the whole contract after it. Each is a link of the chain, of kind 'contract'.
CREATE TABLE headroom.contract_version (
    version_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    version     integer NOT NULL CHECK (version >= 1),
    action      headroom.contract_action NOT NULL,
    document    text NOT NULL,                 -- JSON, as `contract export` writes it
    reason      text CHECK (reason <> ''),
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    UNIQUE (contract_id, version)
);

-- Terms are never changed: others take their place. The ones in force are headroom.term_in_force.
ALTER TABLE headroom.term
    ADD COLUMN retired_in bigint REFERENCES headroom.contract_version,   -- null: in force
    DROP CONSTRAINT term_contract_id_valid_from_key;

CREATE UNIQUE INDEX term_in_force_from ON headroom.term (contract_id, valid_from)
WHERE retired_in IS NULL;

-- What the vendor answered to a question that the agreement leaves open.
CREATE TABLE headroom.contract_answer (
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    place       smallint NOT NULL CHECK (place >= 1),
    question    text NOT NULL CHECK (question <> ''),
    answer      text NOT NULL CHECK (answer <> ''),
    given_on    date NOT NULL,
    given_by    text NOT NULL CHECK (given_by <> ''),
    PRIMARY KEY (contract_id, place)
);

-- Another commitment that the vendor offers: what the same months would cost under it.
CREATE TABLE headroom.contract_alternative (
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    place       smallint NOT NULL CHECK (place >= 1),
    name        text COLLATE "C" NOT NULL CHECK (name <> ''),
    unit_limit  bigint CHECK (unit_limit >= 0),                            -- null: without a limit
    fee         numeric CHECK (fee >= 0 AND fee < 'Infinity'),
    pricing     json NOT NULL,                                             -- as in a term of the document
    PRIMARY KEY (contract_id, place),
    UNIQUE (contract_id, name)
);

-- Months that are left out where months are compared: the last row of a month holds.
CREATE TABLE headroom.period_note (
    note_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    month       date NOT NULL CHECK (EXTRACT(DAY FROM month) = 1),
    ignored     boolean NOT NULL,
    reason      text NOT NULL CHECK (reason <> ''),
    noted_at    timestamptz NOT NULL,
    noted_by    text NOT NULL
);

CREATE INDEX period_note_month ON headroom.period_note (contract_id, month, note_id);

GRANT INSERT ON headroom.contract_version, headroom.period_note TO headroom_writer;
GRANT INSERT, DELETE ON headroom.contract_answer, headroom.contract_alternative TO headroom_writer;
GRANT DELETE ON headroom.contract_app TO headroom_writer;
GRANT UPDATE (ends_on, notes, dispute_days) ON headroom.contract TO headroom_writer;
GRANT UPDATE (retired_in) ON headroom.term TO headroom_writer;
