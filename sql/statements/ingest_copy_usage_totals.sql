-- SPDX-License-Identifier: MIT
-- What a batch added to the usage.
COPY headroom.usage_total (
    contract_id, month, batch_id, subject_kind, via_app, requests, attempted_requests, answered_requests,
    delivered_requests, attempted_subjects, answered_subjects, delivered_subjects)
FROM STDIN (FORMAT binary);
