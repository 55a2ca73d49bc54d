-- SPDX-License-Identifier: MIT
-- What a Tweet's id tells.
-- $1 tweet_id bigint.
-- Columns: made_us: when it was made, null for an id of before November 2010; days: since then, negative for a time
-- that lies ahead.
SELECT
    headroom.epoch_us(made.at) AS made_us,
    floor(EXTRACT(epoch FROM now() - made.at) / 86400)::bigint AS days
FROM (SELECT headroom.tweet_time($1::bigint) AS at) AS made;
