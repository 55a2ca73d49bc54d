-- SPDX-License-Identifier: MIT
-- What takes back a batch that should not have been: nothing is deleted, a change is added, and the last one holds.

-- 'void' takes the batch's events out of the counts, 'restore' brings them back, 'withdraw' ends what an import of
-- identities taught. Each is a link of the chain.
CREATE TYPE headroom.batch_action AS ENUM ('void', 'restore', 'withdraw');

CREATE TABLE headroom.batch_change (
    change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id   bigint NOT NULL REFERENCES headroom.batch,
    action     headroom.batch_action NOT NULL,
    reason     text NOT NULL CHECK (reason <> ''),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);

CREATE INDEX batch_change_batch ON headroom.batch_change (batch_id, change_id);

-- Who wants a contract for himself: loaders that overlap would never let him have its lock. Committed before the lock
-- is asked for, deleted with the lock; one that is older than its holder can live is ignored.
CREATE TABLE headroom.contract_intent (
    intent_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    wanted_at   timestamptz NOT NULL,
    wanted_by   text NOT NULL,
    wanted_for  text NOT NULL           -- what the holder does, for whoever waits
);

GRANT INSERT ON headroom.batch_change TO headroom_writer;
GRANT INSERT, DELETE ON headroom.contract_intent TO headroom_writer;
