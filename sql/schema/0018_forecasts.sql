-- SPDX-License-Identifier: MIT
-- What forecasts said, at most once a day, so that it can be seen later how they came out.

-- No link of the chain names a row: it is an opinion of its day, which no count, charge or seal rests on, and which can
-- be had again by forecast --as-of but for what was learned since of identities and terms. A row is never changed.
CREATE TABLE headroom.forecast_said (
    contract_id     bigint NOT NULL REFERENCES headroom.contract,
    month           date NOT NULL CHECK (EXTRACT(DAY FROM month) = 1),
    said_on         date NOT NULL,               -- in the zone of the month's terms
    said_at         timestamptz NOT NULL,
    as_of           timestamptz NOT NULL,        -- up to here the month was counted
    used            bigint NOT NULL CHECK (used >= 0),
    p10             double precision NOT NULL,   -- unrounded
    p50             double precision NOT NULL,
    p90             double precision NOT NULL,
    probability     double precision CHECK (probability BETWEEN 0 AND 1),  -- of passing the limit; null without one
    unit_limit      bigint,                      -- as it was then; null: none
    expected_charge numeric NOT NULL CHECK (expected_charge >= 0 AND expected_charge < 'Infinity'),
    currency        text COLLATE "C" NOT NULL REFERENCES headroom.currency,
    history_months  smallint NOT NULL,           -- that it rested on
    method          text COLLATE "C" NOT NULL,
    said_by         text NOT NULL,
    PRIMARY KEY (contract_id, month, said_on),
    CHECK (used <= p10 AND p10 <= p50 AND p50 <= p90 AND p90 < 'Infinity'),
    CHECK ((probability IS NULL) = (unit_limit IS NULL))
);

GRANT INSERT ON headroom.forecast_said TO headroom_writer;
