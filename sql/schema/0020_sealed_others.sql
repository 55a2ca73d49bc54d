-- SPDX-License-Identifier: MIT
-- What a seal holds beside its count, so that every sheet of a closed month stays as it was. No link of the chain
-- covers it: no count and no charge rests on it.

ALTER TABLE headroom.seal_owner ADD COLUMN returns boolean;
COMMENT ON COLUMN headroom.seal_owner.returns IS
    'counted in an earlier month too; null: sealed before this was kept';

-- The owners that were used in a closed month and did not count. Distributed by subject on Citus.
CREATE TABLE headroom.seal_uncounted (
    seal_id   bigint NOT NULL,
    subject   text COLLATE "C" NOT NULL,     -- the owner
    handle    text COLLATE "C",              -- without '@'; null: none known
    reason    text COLLATE "C" NOT NULL,
    requests  bigint NOT NULL,
    last_seen timestamptz NOT NULL,
    endpoints smallint NOT NULL,             -- as in usage
    PRIMARY KEY (seal_id, subject)
);

ALTER TABLE headroom.seal ADD COLUMN uncounted bigint;
COMMENT ON COLUMN headroom.seal.uncounted IS 'rows of seal_uncounted; null: sealed before these were kept';

GRANT SELECT ON headroom.seal_uncounted TO headroom_reader, headroom_writer;
GRANT INSERT ON headroom.seal_uncounted TO headroom_writer;
