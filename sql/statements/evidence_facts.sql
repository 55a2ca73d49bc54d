-- SPDX-License-Identifier: MIT
-- The facts and claims that a month's handles have their owners by, in the order in which a batch's digest takes them.
-- $1 contract_id bigint; $2 month date. Columns: batch_id; what: "fact" or "claim", with "whole " before it where the
-- evidence has all that the batch taught; subject; user_id; since, until: see evidence_facts.
SELECT
    f.batch_id,
    CASE WHEN f.whole THEN 'whole ' ELSE '' END || CASE f.part WHEN 1 THEN 'fact' ELSE 'claim' END AS what,
    f.subject,
    f.user_id,
    f.since,
    f.until
FROM headroom.evidence_facts($1::bigint, $2::date) AS f
ORDER BY f.batch_id, f.part, f.line, f.subject COLLATE "C", f.user_id;
