-- SPDX-License-Identifier: MIT
-- Each owner that was used in the month and does not count, by reason, those with the most requests first.
-- $1 contract_id bigint; $2 month date.
-- Columns: see not_counted.json.
SELECT
    owner.owner,
    owner.handle,
    headroom.reason_words(owner.reason) AS meaning,
    owner.reason,
    owner.requests,
    owner.last_seen,
    headroom.endpoints_text(owner.endpoints) AS endpoints
FROM headroom.stated_uncounted($1::bigint, $2::date) AS owner
ORDER BY owner.reason COLLATE "C", owner.requests DESC, owner.owner COLLATE "C";
