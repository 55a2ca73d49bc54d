-- SPDX-License-Identifier: MIT
-- What the vendor's API was asked and what it said: endpoints as a bit set, as the usage keeps them, and outcomes in
-- words.

-- The bit of an endpoint; 0 where a request names none.
CREATE FUNCTION headroom.endpoint_bit(endpoint headroom.endpoint)
RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE endpoint WHEN 'totals' THEN 1 WHEN '28hr' THEN 2 WHEN 'historical' THEN 4 ELSE 0 END::smallint
$$;

-- A bit set for a person: "totals, 28hr"; null where it is empty.
CREATE FUNCTION headroom.endpoints_text(endpoints smallint)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    -- Of immutable parts only, so that it is written into the query of a million rows instead of called.
    SELECT nullif(ltrim(
        CASE WHEN endpoints & 1 <> 0 THEN 'totals' ELSE '' END
            || CASE WHEN endpoints & 2 <> 0 THEN ', 28hr' ELSE '' END
            || CASE WHEN endpoints & 4 <> 0 THEN ', historical' ELSE '' END, ', '), '')
$$;

-- What an outcome means for a person, of a request or, as a cause, of a Tweet that failed.
CREATE FUNCTION headroom.outcome_words(outcome headroom.outcome)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE outcome
        WHEN 'ok' THEN 'Answered in full'
        WHEN 'partial' THEN 'Answered, but some of the Tweets failed'
        WHEN 'bad_request' THEN 'Invalid or missing JSON, or only Tweets that are not available'
        WHEN 'auth_failed' THEN 'The account could not be authenticated: a wrong or withdrawn token'
        WHEN 'forbidden' THEN 'The Tweet is not available with this token: only its owner''s may ask for it'
        WHEN 'unavailable' THEN 'Deleted, protected or no longer public'
        WHEN 'too_old' THEN 'Older than 90 days: /totals has no impressions and engagements of it'
        WHEN 'too_old_video' THEN 'Older than 1,800 days: there are no video views of it'
        WHEN 'not_found' THEN 'Not found'
        WHEN 'rate_limited' THEN 'Refused: more requests in a minute than the contract allows'
        WHEN 'server_error' THEN 'An error on the vendor''s side; to be tried again later'
        WHEN 'no_answer' THEN 'No answer came'
        WHEN 'unknown' THEN 'Not known: the program ended before the answer came'
    END
$$;
