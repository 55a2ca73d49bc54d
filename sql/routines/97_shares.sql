-- SPDX-License-Identifier: MIT
-- Whose work made the overage: a month's counted handles by the label or the app of their first counted request.

-- The counted handles of a month, those of the overage and the charge by label or app; the largest first.
--   of_month: the first day of the calendar month; by: 'label' or 'app'; most: after so many, at
--   least 1, the others follow as one.
-- Columns: place: from 1; shape: 'named'; 'none': their requests named none; 'others': several together; name: null
-- unless named; of an app its name, or the beginning of its key's digest where no contract names it; members: labels
-- or apps, of the others more than one; unique_handles; overage: of these, those above the limit in the order in
-- which they began to count; charge: their share.
-- The charge is cut where the running total of the overage cuts it, rounded half away from zero to the minor unit: so
-- the shares add up to it, and none is more than one minor unit off.
CREATE FUNCTION headroom.charge_shares(of_contract bigint, of_month date, by text, most bigint)
RETURNS TABLE (
    place bigint,
    shape text,
    name text,
    members bigint,
    unique_handles bigint,
    overage bigint,
    charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 20
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    month record;
BEGIN
    SELECT u.* INTO month FROM headroom.stated_use(of_contract, of_month) AS u;
    RETURN QUERY
    WITH owner AS (
        SELECT
            CASE by WHEN 'label' THEN o.label ELSE o.app END AS key,
            row_number() OVER (
                ORDER BY o.first_seen, o.first_source COLLATE "C", o.first_id COLLATE "C", o.owner COLLATE "C"
            ) > month.unit_limit AS above
        FROM headroom.month_owners(of_contract, of_month) AS o
    ),
    grouped AS (
        SELECT
            CASE by WHEN 'label' THEN o.key ELSE headroom.shown_app(a.name, o.key) END AS name,
            sum(o.handles)::bigint AS handles,
            sum(o.above)::bigint AS above
        FROM (
            SELECT w.key, count(*) AS handles, count(*) FILTER (WHERE w.above) AS above
            FROM owner AS w
            GROUP BY w.key
        ) AS o
        LEFT JOIN headroom.contract_app AS a ON a.app_key = o.key
        GROUP BY 1
    ),
    ranked AS (
        SELECT g.*, row_number() OVER (ORDER BY g.handles DESC, g.name COLLATE "C") AS rank
        FROM grouped AS g
    ),
    listed AS (
        SELECT
            least(r.rank, most + 1) AS place,
            count(*) AS members,
            min(r.name) AS name,
            sum(r.handles)::bigint AS handles,
            sum(r.above)::bigint AS above
        FROM ranked AS r
        GROUP BY 1
    ),
    cut AS (
        SELECT
            l.*,
            coalesce(round(month.charge * sum(l.above) OVER in_order / nullif(month.overage, 0), month.digits), 0)
                AS until
        FROM listed AS l
        WINDOW in_order AS (ORDER BY l.place)
    )
    SELECT
        c.place,
        CASE WHEN c.members > 1 THEN 'others' WHEN c.name IS NULL THEN 'none' ELSE 'named' END,
        CASE WHEN c.members = 1 THEN c.name END,
        c.members,
        c.handles,
        c.above,
        c.until - coalesce(lag(c.until) OVER (ORDER BY c.place), 0)
    FROM cut AS c
    ORDER BY c.place;
END
$$;
