-- SPDX-License-Identifier: MIT
-- The staging table of an import of identities, until the end of its transaction.
CREATE TEMPORARY TABLE staged_identity (
    subject        text COLLATE "C" NOT NULL,
    user_id        bigint NOT NULL,
    line           bigint NOT NULL,
    first_together timestamptz,             -- of a fact; null: a claim
    valid_from     date,
    valid_until    date
) ON COMMIT DROP;
