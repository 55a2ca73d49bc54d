-- SPDX-License-Identifier: MIT
-- Each owner of ours and each handle of the vendor's list: on both, only ours, only theirs, with its cause.
-- $1 contract_id bigint; $2 month date; $3 list_id bigint; $4 date of the last invoice (null: none).
-- Columns: place ('both', 'ours', 'theirs'); owner; handle; line bigint; first_seen bigint (microseconds);
-- counted_requests bigint; cause; words.
SELECT
    m.place, m.owner, m.handle, m.line, headroom.epoch_us(m.first_seen) AS first_seen, m.counted_requests, m.cause,
    m.words
FROM headroom.invoice_matches($1::bigint, $2::date, $3::bigint, $4::date, now()) AS m
ORDER BY m.place, m.cause, m.owner COLLATE "C", m.line;
