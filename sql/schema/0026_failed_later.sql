-- SPDX-License-Identifier: MIT
-- The index of failed Tweets keeps what is new in a list, and sorts it in outside the load.

-- Ids are random, so that sorting each in where it belongs was most of what the index cost a load. The list is as long
-- as autovacuum lets it get, which comes after a fifth of a partition is new; a question reads it whole, which at this
-- size (KiB) takes a tenth of a second or two.
DROP INDEX headroom.event_failed;
CREATE INDEX event_failed ON headroom.event
    USING gin (regexp_split_to_array(failed::text, '[^0-9]+'))
    WITH (gin_pending_list_limit = 65536)
    WHERE failed IS NOT NULL;
