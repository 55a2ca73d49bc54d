-- SPDX-License-Identifier: MIT
-- Why an event is not counted. The one place where a rule meets a class.

-- counting: the rule of the terms in force ("answered", "attempted+app" …), null where no terms cover the event.
-- ownerless: its subject is ~app, so nobody could be counted. Null: the event counts.
CREATE FUNCTION headroom.not_counted_reason(
    counting text, via_app boolean, ownerless boolean, class headroom.class)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN counting IS NULL THEN 'no_terms'
        WHEN ownerless OR (via_app AND counting NOT LIKE '%+app') THEN 'app_only'
        WHEN class = 'not_attempted' THEN 'not_attempted'
        WHEN class < 'answered' AND counting LIKE ANY (ARRAY['answered%', 'delivered%']) THEN 'not_answered'
        WHEN class < 'delivered' AND counting LIKE 'delivered%' THEN 'not_delivered'
    END
$$;

-- The same for a person, of a reason that one of them gives; 'voided' too.
CREATE FUNCTION headroom.reason_words(reason text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE reason
        WHEN 'no_terms' THEN 'Before the first terms, or after the end'
        WHEN 'app_only' THEN 'Made by the app, no user signed in'
        WHEN 'not_attempted' THEN 'Refused with status 401 or 429'
        WHEN 'not_answered' THEN 'Not answered with success'
        WHEN 'not_delivered' THEN 'Answered, but no Tweet delivered'
        WHEN 'voided' THEN 'In batches that were voided'
        ELSE reason
    END
$$;
