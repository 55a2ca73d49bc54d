-- SPDX-License-Identifier: MIT
-- What became of quarantined lines later. The line itself never changes.

-- A line that was read in the end: by `quarantine retry`, or because its file was taken in again after a fix.
CREATE TABLE headroom.quarantine_settled (
    quarantine_id bigint PRIMARY KEY REFERENCES headroom.quarantine,
    batch_id      bigint NOT NULL REFERENCES headroom.batch,   -- that took it in as an event
    settled_at    timestamptz NOT NULL
);

CREATE INDEX quarantine_batch ON headroom.quarantine (batch_id);

GRANT INSERT ON headroom.quarantine_settled TO headroom_writer;
