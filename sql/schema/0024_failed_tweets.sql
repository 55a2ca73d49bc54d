-- SPDX-License-Identifier: MIT
-- Which requests a Tweet failed in, found without reading all events: `explain TWEET_ID`.

-- The digits of `failed` are its Tweets' ids, since a cause has none. An expression of the server's own functions, for
-- routines are dropped and made anew at an upgrade, and partial, so that a request in which nothing failed costs the
-- load no more than a look. A column or a table of its own would be one more thing that each load writes.
CREATE INDEX event_failed ON headroom.event
    USING gin (regexp_split_to_array(failed::text, '[^0-9]+'))
    WHERE failed IS NOT NULL;
