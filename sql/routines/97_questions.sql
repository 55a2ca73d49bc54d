-- SPDX-License-Identifier: MIT
-- What an agreement may leave open, and what each answer would make of a month.

-- The questions of which a month's count depends on the answer; no row of one that moves nothing.
--   of_month: the first day of the calendar month; spread: its unique handles under each rule, as in month_status.
-- Columns: place: their order; question; fewest, most: unique handles by the answers that there may be; least_charge,
-- highest_charge: what these cost.
CREATE FUNCTION headroom.open_questions(of_contract bigint, of_month date, spread bigint[])
RETURNS TABLE (
    place integer,
    question text,
    fewest bigint,
    most bigint,
    least_charge numeric,
    highest_charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 4
AS $$
#variable_conflict use_column
DECLARE
    our_rule headroom.counting_rule;
    counted bigint;
BEGIN
    SELECT r.* INTO STRICT our_rule
    FROM headroom.counting_rule AS r
    WHERE r.rule = (headroom.stated_term(of_contract, of_month)).counting;
    counted := spread[our_rule.place];
    RETURN QUERY
    WITH ruled AS (
        SELECT
            min(spread[r.place]) FILTER (WHERE r.with_app = our_rule.with_app) AS fewest_class,
            max(spread[r.place]) FILTER (WHERE r.with_app = our_rule.with_app) AS most_class,
            min(spread[r.place]) FILTER (WHERE r.class = our_rule.class) AS fewest_app,
            max(spread[r.place]) FILTER (WHERE r.class = our_rule.class) AS most_app
        FROM headroom.counting_rule AS r
    ),
    moved AS (
        SELECT coalesce(max(b.leave), 0) AS leave, coalesce(max(b.come), 0) AS come
        FROM headroom.stated_boundary(of_contract, of_month, counted) AS b
    )
    SELECT
        q.place,
        q.question,
        q.fewest,
        q.most,
        headroom.stated_charge(of_contract, of_month, q.fewest),
        headroom.stated_charge(of_contract, of_month, q.most)
    FROM ruled AS r
    CROSS JOIN moved AS m
    CROSS JOIN headroom.stated_app_only(of_contract, of_month) AS a
    CROSS JOIN LATERAL (VALUES
        (1, 'Which requests count: those tried, those answered, or those that delivered a Tweet?', r.fewest_class,
            r.most_class),
        (2, 'Does a request of the app alone count for the owner of the Tweets that it asks for?', r.fewest_app,
            r.most_app),
        (3, 'Does a request of the app alone count where no log names that owner?', counted, counted + a.at_most),
        (4, 'In which time zone does the billing month begin?', counted - m.leave, counted + m.come)
    ) AS q (place, question, fewest, most)
    WHERE q.fewest < q.most;
END
$$;
