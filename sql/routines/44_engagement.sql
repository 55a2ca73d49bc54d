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

-- When a Tweet was made, as its id tells; null for one of before November 2010: those were numbered in turn, of which
-- there were 3 * 10^10, and a later id has its time in milliseconds since an epoch above its lowest 22 bits.
CREATE FUNCTION headroom.tweet_time(tweet_id bigint)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN tweet_id >= 100000000000
            THEN TIMESTAMPTZ '1970-01-01Z' + ((tweet_id >> 22) + 1288834974657) * INTERVAL '1 millisecond'
    END
$$;

-- What is asked again and again, answered: for `explain` and the workbook.
-- Columns: place: their order; topic; is_metric: of a metric of the API; explanation.
CREATE FUNCTION headroom.explanations()
RETURNS TABLE (place integer, topic text, is_metric boolean, explanation text)
LANGUAGE sql IMMUTABLE ROWS 7
AS $$
    VALUES
        (1, 'engagements', true,
            'May be more than the sum of the metrics beside it: it also holds engagements that have no metric of their '
                'own. They are organic and promoted, impressions organic only: so more engagements than impressions '
                'are possible.'),
        (2, 'url_clicks', true,
            'May be above 0 for a Tweet without a URL: a click on the link of a hashtag counts.'),
        (3, 'video_views', true,
            'Differ between totals (all Tweets with that video) and 28hr and historical (that Tweet alone). There are '
                'none of Tweets older than 1,800 days.'),
        (4, 'impressions', true,
            'Are organic only. Impressions and engagements of totals are of the last 90 days only, and are missing '
                'where the app asked without a user.'),
        (5, 'media_engagements', true, 'The same figure that older documents call media_clicks.'),
        (6, 'rate-limit', false,
            'The contract allows so many requests in a minute. Each answer says how many these are '
                '(x-per-minute-limit) and how many of them the minute still has (x-per-minute-remaining). One more is '
                'refused with 429: it counts under no rule and costs nothing, and may be sent again in the next '
                'minute.'),
        (7, 'overage', false,
            'Unique handles above the limit of the contract in a billing month. However many requests are made for a '
                'handle, it is one. Nothing is blocked at the limit: the vendor compares the count with the limit when '
                'the month is over, and charges what is above under the terms of the contract. It offers no API and '
                'no page that shows the count before: customers are told to keep their own.')
$$;
