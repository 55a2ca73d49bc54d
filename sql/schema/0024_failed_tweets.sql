-- SPDX-License-Identifier: MIT
-- Which requests a Tweet failed in, found without reading all events: `explain TWEET_ID`.

-- The digits of `failed` are its Tweets' ids, since a cause has none. An expression of the server's own functions, for
-- routines are dropped and made anew at an upgrade, and partial, so that a request in which nothing failed costs the
-- load no more than a look. A column or a table of its own would be one more thing that each load writes. Ids are
-- random, so that sorting each in where it belongs would be most of what the index costs a load: what is new is kept in
-- a list, as long as autovacuum lets it get, which comes after a fifth of a partition is new. A question reads it
-- whole, which at this size (KiB) takes a tenth of a second or two.
CREATE INDEX event_failed ON headroom.event
    USING gin (regexp_split_to_array(failed::text, '[^0-9]+'))
    WITH (gin_pending_list_limit = 65536)
    WHERE failed IS NOT NULL;
