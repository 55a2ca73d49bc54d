-- SPDX-License-Identifier: MIT
-- Which billing months are closed.

-- The seals that hold: of each contract and month the last one, unless it was reopened.
CREATE VIEW headroom.seal_in_force AS
SELECT s.*
FROM headroom.seal AS s
WHERE NOT EXISTS (
        SELECT
        FROM headroom.seal AS later
        WHERE later.contract_id = s.contract_id
            AND later.month = s.month
            AND later.seal_id > s.seal_id)
    AND NOT EXISTS (SELECT FROM headroom.reopening AS r WHERE r.seal_id = s.seal_id);

GRANT SELECT ON headroom.seal_in_force TO headroom_reader, headroom_writer;

-- The state of a contract's month: 'open' until its period ends, then 'over', and 'closed' while a seal holds. Null
-- where the month has no period.
--   of_month: the first day of the calendar month; now_at: the present.
CREATE FUNCTION headroom.month_state(of_contract bigint, of_month date, now_at timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    IF EXISTS (
        SELECT
        FROM headroom.seal_in_force AS s
        WHERE s.contract_id = of_contract
            AND s.month = of_month)
    THEN
        RETURN 'closed';
    END IF;
    RETURN (
        SELECT CASE WHEN p.ends_at <= now_at THEN 'over' ELSE 'open' END
        FROM headroom.period(of_contract, of_month) AS p);
END
$$;
