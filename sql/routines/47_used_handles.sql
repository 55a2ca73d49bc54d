-- SPDX-License-Identifier: MIT
-- What identities mean for the counts: asked before and after a change of them, to say what it changes.

-- Who owns some handles on the days on which they were used, in every month of every contract.
--   handles: subjects with '@'.
-- Columns: contract_id; month: the first day of the calendar month; subject; owner: the user id's digits, or the
-- subject where no user is known; days: the bits of the days with attempted requests that are the owner's.
CREATE FUNCTION headroom.used_handles(handles text[])
RETURNS TABLE (contract_id bigint, month date, subject text, owner text, days bigint)
LANGUAGE plpgsql STABLE STRICT
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    span record;
    of_month date;
    used text[];
BEGIN
    FOR span IN
        SELECT c.contract_id, min(u.month) AS first_month, max(u.month) AS last_month
        FROM headroom.contract AS c
        CROSS JOIN LATERAL (
            (SELECT f.month FROM headroom.usage AS f WHERE f.contract_id = c.contract_id ORDER BY f.month LIMIT 1)
            UNION ALL
            (SELECT l.month FROM headroom.usage AS l WHERE l.contract_id = c.contract_id ORDER BY l.month DESC LIMIT 1)
        ) AS u
        GROUP BY c.contract_id
    LOOP
        of_month := span.first_month;
        WHILE of_month <= span.last_month LOOP
            used := ARRAY(
                SELECT DISTINCT u.subject
                FROM headroom.usage AS u
                WHERE u.contract_id = span.contract_id
                    AND u.month = of_month
                    AND u.subject = ANY (handles));
            RETURN QUERY
            SELECT
                span.contract_id,
                of_month,
                u.subject,
                coalesce(h.user_id::text, u.subject),
                bit_or(u.attempted_days & coalesce(h.owned_days, -1))
            FROM headroom.usage AS u
            LEFT JOIN headroom.handle_days(
                used,
                ARRAY(SELECT d.day FROM headroom.period_days(span.contract_id, of_month) AS d ORDER BY d.bit),
                ARRAY(SELECT d.ends_at FROM headroom.period_days(span.contract_id, of_month) AS d ORDER BY d.bit)) AS h
                ON h.subject = u.subject
            WHERE u.contract_id = span.contract_id
                AND u.month = of_month
                AND u.subject = ANY (used)
            GROUP BY u.subject, h.user_id
            HAVING bit_or(u.attempted_days & coalesce(h.owned_days, -1)) <> 0;
            of_month := (of_month + INTERVAL '1 month')::date;
        END LOOP;
    END LOOP;
END
$$;

-- A month's unique handles under the rule of its terms; null where it has none.
--   of_month: the first day of the calendar month.
CREATE FUNCTION headroom.month_unique_handles(of_contract bigint, of_month date)
RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT c.unique_handles
        FROM headroom.rule_counts(of_contract, of_month) AS c
        WHERE c.rule = (headroom.term_of(of_contract, of_month)).counting);
END
$$;
