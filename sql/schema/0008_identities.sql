-- SPDX-License-Identifier: MIT
-- What the customer says of who owned a handle when. Distributed by subject.

-- A statement with dates, from an import: on the days that it covers it wins over every fact, the later import over the
-- earlier one. One without dates is no claim but a row of identity_fact, with a time before all others
-- (1970-01-01T00:00Z).
CREATE TABLE headroom.identity_claim (
    subject     text COLLATE "C" NOT NULL,    -- '@' and the normalised handle
    user_id     bigint NOT NULL CHECK (user_id > 0),
    batch_id    bigint NOT NULL,              -- of kind 'identities'; the larger number is the later import
    line        bigint NOT NULL,
    valid_from  date,                         -- in the contract's zone; null: always before
    valid_until date,                         -- the first day no longer meant; null: without end
    PRIMARY KEY (subject, batch_id, line),
    CHECK (valid_from < valid_until),
    CHECK (valid_from IS NOT NULL OR valid_until IS NOT NULL)
);

GRANT INSERT ON headroom.identity_claim TO headroom_writer;
