-- SPDX-License-Identifier: MIT
-- The month's requests that do not count and the owners that do not, by reason: the most frequent first. An owner is
-- under the reason of its best request, so a reason may have requests and no owner.
-- $1 contract_id bigint; $2 month date.
-- Columns: see not_counted.json.
SELECT
    headroom.reason_words(reason) AS meaning,
    reason,
    coalesce(request.requests, 0) AS requests,
    coalesce(owner.owners, 0) AS owners
FROM headroom.stated_not_counted($1::bigint, $2::date) AS request
FULL JOIN (
    SELECT uncounted.reason, count(*) AS owners
    FROM headroom.stated_uncounted($1::bigint, $2::date) AS uncounted
    GROUP BY uncounted.reason
) AS owner USING (reason)
ORDER BY 3 DESC, reason COLLATE "C";
