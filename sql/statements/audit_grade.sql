-- SPDX-License-Identifier: MIT
-- The grade of a contract's billing month.
-- $1 contract_id bigint; $2 month date.
-- Columns: grade, words, silent; low_days: joined by commas, low_days_words: for a person, both null where there is
-- none;
-- data_until: microseconds since the epoch, null where nothing was delivered.
SELECT
    g.grade,
    g.words,
    g.silent,
    (
        SELECT string_agg(to_char(d.day, 'YYYY-MM-DD'), ',' ORDER BY d.day)
        FROM unnest(g.low_days) AS d (day)
    ) AS low_days,
    headroom.days_text(g.low_days) AS low_days_words,
    headroom.epoch_us(headroom.data_until($1::bigint, $2::date)) AS data_until
FROM headroom.month_grade($1::bigint, $2::date, now()) AS g;
