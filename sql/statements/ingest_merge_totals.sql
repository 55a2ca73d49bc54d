-- SPDX-License-Identifier: MIT
-- Adds to the totals of months' usage, in the order given, which must be the same for all loaders.
-- Arrays (bigint[]) with an element for each row: $1 contract_id; $2 month, days since 1970-01-01; $3 subject_kind:
-- 1 user, 2 handle, 3 token, 4 app; $4 via_app: 0 or 1; $5 requests; $6 attempted_, $7 answered_,
-- $8 delivered_requests; $9 attempted_, $10 answered_, $11 delivered_subjects.
INSERT INTO headroom.usage_total AS kept (
    contract_id, month, subject_kind, via_app, requests, attempted_requests, answered_requests, delivered_requests,
    attempted_subjects, answered_subjects, delivered_subjects)
SELECT
    contract_id, DATE '1970-01-01' + month::integer, (ARRAY['user', 'handle', 'token', 'app'])[kind], via = 1, requests,
    attempted_requests, answered_requests, delivered_requests, attempted_subjects, answered_subjects, delivered_subjects
FROM unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::bigint[], $11::bigint[])
    AS added (
        contract_id, month, kind, via, requests, attempted_requests, answered_requests, delivered_requests,
        attempted_subjects, answered_subjects, delivered_subjects)
ON CONFLICT (contract_id, month, subject_kind, via_app) DO UPDATE SET
    requests = kept.requests + excluded.requests,
    attempted_requests = kept.attempted_requests + excluded.attempted_requests,
    answered_requests = kept.answered_requests + excluded.answered_requests,
    delivered_requests = kept.delivered_requests + excluded.delivered_requests,
    attempted_subjects = kept.attempted_subjects + excluded.attempted_subjects,
    answered_subjects = kept.answered_subjects + excluded.answered_subjects,
    delivered_subjects = kept.delivered_subjects + excluded.delivered_subjects;
