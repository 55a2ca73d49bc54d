-- SPDX-License-Identifier: MIT
-- Requests in words, and whether each counts under the month's rule.
-- $1 contract_id bigint; $2 month date.
-- Columns: see about.json. An example's class is the highest that such a request has.
SELECT
    example.words AS example,
    CASE
        WHEN example.class >= rule.class AND (rule.with_app OR NOT example.via_app) THEN 'yes'
        ELSE 'no'
    END AS counts,
    CASE
        WHEN example.via_app AND NOT rule.with_app THEN 'No user signed in, and the rule counts users alone.'
        WHEN example.class >= rule.class THEN example.why
        WHEN rule.class = 'attempted' THEN 'The vendor refused it before it did anything.'
        WHEN rule.class = 'answered' THEN 'It was not answered with success (a status of 200 to 299).'
        ELSE 'No Tweet was delivered by it.'
    END AS reason
FROM headroom.stated_term($1::bigint, $2::date) AS term
JOIN headroom.counting_rule AS rule ON rule.rule = term.counting
CROSS JOIN (VALUES
    (1, 'delivered'::headroom.class, false, 'A user''s first request of the month, answered with metrics of 25 Tweets',
        'The user is one unique handle from here on.'),
    (2, 'delivered', false, 'The same user''s 400 further requests, on other days and for other apps',
        'They count as requests; the user is counted already.'),
    (3, 'answered', false, 'A user''s only request was answered, but every Tweet in it failed',
        'It was answered with success.'),
    (4, 'attempted', false, 'A user''s only request ended in status 404, 500, or without an answer',
        'It was made, and not refused.'),
    (5, 'not_attempted', false, 'A user''s only request was refused with status 401 or 429', NULL),
    (6, 'delivered', true, 'A request of the app alone, with a bearer token, for Tweets of a user whom the log names',
        'The rule takes the owner of the Tweets as the user.')
) AS example (place, class, via_app, words, why)
ORDER BY example.place;
