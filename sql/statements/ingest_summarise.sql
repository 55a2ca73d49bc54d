-- SPDX-License-Identifier: MIT
-- Summarises the new ranges of the events' index by batch, outside the load.
-- Column: ranges (how many were new).
SELECT headroom.summarise_event_batches() AS ranges;
