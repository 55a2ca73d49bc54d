-- SPDX-License-Identifier: MIT
-- The identity facts that a batch taught.
COPY headroom.identity_fact (subject, user_id, batch_id, first_together) FROM STDIN (FORMAT binary);
