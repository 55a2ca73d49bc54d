-- SPDX-License-Identifier: MIT
-- What going through all subjects of a month gave, kept for as long as nothing touches the month.

-- Nothing rests on it: a row that is gone, or that a later link of the chain touches, is made again from the usage. So
-- it is no part of the chain.
CREATE TABLE headroom.month_cache (
    contract_id   bigint NOT NULL REFERENCES headroom.contract,
    month         date NOT NULL,
    chain_seq     bigint NOT NULL,        -- all up to this link is in it
    from_at       timestamptz NOT NULL,   -- what lies within [from_at, until_at) touches it
    until_at      timestamptz NOT NULL,
    days          smallint NOT NULL,      -- that the contract covers
    first_weekday smallint NOT NULL,      -- of the first of them: 0 Monday to 6 Sunday
    unlike        text,                   -- why it can't be compared with other months; null: it can
    new_handles   bigint[] NOT NULL,      -- under the rule of the terms; element k + 1: day k of the uncut period
    seen          bigint[] NOT NULL,      -- the same
    leave_come    bigint[] NOT NULL,      -- at the start leave, come; at the end leave, come: see headroom.month_moves
    PRIMARY KEY (contract_id, month)
);

GRANT SELECT ON headroom.month_cache TO headroom_reader, headroom_writer;
