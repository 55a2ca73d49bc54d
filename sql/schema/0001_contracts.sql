-- SPDX-License-Identifier: MIT
-- Contracts and their terms: what was agreed with the vendor. Small tables (reference tables on Citus).

CREATE TABLE headroom.currency (
    code         text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    minor_digits smallint NOT NULL CHECK (minor_digits BETWEEN 0 AND 4)
);

CREATE TABLE headroom.contract (
    contract_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text COLLATE "C" NOT NULL UNIQUE CHECK (octet_length(name) BETWEEN 1 AND 100),
    ends_on      date CHECK (ends_on <= DATE '9999-12-31'), -- the first day no longer covered
    notes        text,
    dispute_days integer CHECK (dispute_days > 0),
    created_at   timestamptz NOT NULL,
    created_by   text NOT NULL
);

-- The consumer keys whose requests belong to a contract. A report shows the name, never the key.
CREATE TABLE headroom.contract_app (
    app_key     text COLLATE "C" PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES headroom.contract,
    name        text NOT NULL
);

CREATE TYPE headroom.pricing_model AS ENUM ('flat', 'graduated', 'volume', 'package');
CREATE TYPE headroom.proration AS ENUM ('none', 'daily');

-- One row for each date from which other terms hold. Every value is written out: nothing is inherited at reading time.
CREATE TABLE headroom.term (
    term_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id     bigint NOT NULL REFERENCES headroom.contract,
    valid_from      date NOT NULL CHECK (valid_from BETWEEN DATE '2006-01-01' AND DATE '9999-12-31'),
    time_zone       text NOT NULL,
    billing_day     smallint NOT NULL CHECK (billing_day BETWEEN 1 AND 31),
    counting        text NOT NULL CHECK (counting ~ '^(attempted|answered|delivered)([+]app)?$'),
    unit_limit      bigint CHECK (unit_limit >= 0),                 -- null: counted, never over
    currency        text COLLATE "C" NOT NULL REFERENCES headroom.currency,
    pricing         headroom.pricing_model NOT NULL,
    package_size    bigint CHECK (package_size > 0),
    fee             numeric CHECK (fee >= 0 AND fee < 'Infinity'),     -- NaN is above Infinity
    minimum         numeric CHECK (minimum >= 0 AND minimum < 'Infinity'),
    cap             numeric CHECK (cap >= 0 AND cap < 'Infinity'),
    tolerance_units bigint NOT NULL DEFAULT 0 CHECK (tolerance_units >= 0),
    tolerance_cliff boolean NOT NULL DEFAULT false,
    proration       headroom.proration NOT NULL DEFAULT 'none',
    created_at      timestamptz NOT NULL,
    created_by      text NOT NULL,
    UNIQUE (contract_id, valid_from),
    CHECK ((pricing = 'package') = (package_size IS NOT NULL)),
    CHECK (cap >= minimum)
);

-- The price brackets of a term, from the first charged unit. Flat has one without an end; a package's is its price.
CREATE TABLE headroom.term_tier (
    term_id    bigint NOT NULL REFERENCES headroom.term,
    tier       smallint NOT NULL CHECK (tier >= 1),
    up_to      bigint CHECK (up_to > 0),                            -- inclusive; null: without end
    unit_price numeric NOT NULL CHECK (unit_price >= 0 AND unit_price < 'Infinity'),
    flat_fee   numeric CHECK (flat_fee >= 0 AND flat_fee < 'Infinity'),
    PRIMARY KEY (term_id, tier)
);

-- Who needs an exact figure while loads go on takes a contract's row FOR UPDATE; a loader holds it FOR SHARE, for which
-- PostgreSQL asks the privilege to UPDATE a column.
CREATE TABLE headroom.contract_lock (
    contract_id bigint PRIMARY KEY REFERENCES headroom.contract,
    touched     timestamptz NOT NULL
);
