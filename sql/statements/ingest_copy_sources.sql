-- SPDX-License-Identifier: MIT
-- What a batch brought for each source.
COPY headroom.batch_source (batch_id, contract_id, source, events, first_event, last_event) FROM STDIN (FORMAT binary);
