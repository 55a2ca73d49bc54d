-- SPDX-License-Identifier: MIT
-- Who may do what. Nobody but the owner may UPDATE or DELETE an event; if the owner does, the chain of digests tells.

GRANT USAGE ON SCHEMA headroom TO headroom_reader, headroom_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA headroom TO headroom_reader, headroom_writer;

GRANT INSERT ON
    headroom.contract, headroom.contract_app, headroom.term, headroom.term_tier, headroom.contract_lock,
    headroom.batch, headroom.batch_source, headroom.quarantine, headroom.chain,
    headroom.event, headroom.usage, headroom.daily, headroom.identity_fact
TO headroom_writer;

GRANT UPDATE (touched) ON headroom.contract_lock TO headroom_writer;
GRANT UPDATE (seq, digest) ON headroom.chain_head TO headroom_writer;
GRANT UPDATE ON headroom.usage TO headroom_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA headroom TO headroom_writer;
