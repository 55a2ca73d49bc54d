-- SPDX-License-Identifier: MIT
-- The hours in which the sources of a batch had events.
COPY headroom.source_hours (batch_id, contract_id, source, day, hours) FROM STDIN (FORMAT binary);
