-- SPDX-License-Identifier: MIT
-- How the lines of a batch were read that is no part of a file that stays. A small table (a reference table on Citus).

-- Of batches that came by a pipe, out of the quarantine, or to where a file broke off; of all others batch_file says
-- it. Part of the batch's link.
CREATE TABLE headroom.batch_reading (
    batch_id bigint PRIMARY KEY REFERENCES headroom.batch,
    scope    text COLLATE "C" NOT NULL,  -- JSON text of the options that give lines another meaning
    header   text                        -- of CSV: its header line, masked
);

GRANT INSERT ON headroom.batch_reading TO headroom_writer;
