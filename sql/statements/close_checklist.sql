-- SPDX-License-Identifier: MIT
-- What must hold before a month is closed, and what a person should know.
-- $1 contract_id bigint; $2 month date; $3 text[]: sources that are not waited for.
-- Columns: name, blocks, may_be_forced, state ('pass', 'warn', 'fail'), words. In their order.
SELECT name, blocks, may_be_forced, state, words
FROM headroom.close_checklist($1::bigint, $2::date, now(), $3::text[]);
