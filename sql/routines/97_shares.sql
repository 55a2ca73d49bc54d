-- SPDX-License-Identifier: MIT
-- Whose work made the overage: a month's counted handles by the label and by the app of their first counted request.

-- The counted handles of a month, those of the overage and the charge by label and by app; the largest first. Goes
-- through the list of handles once for both.
--   of_month: the first day of the calendar month; most: after so many, at least 1, the others follow as one.
-- Columns: by: 'label' or 'app'; place: from 1; shape: 'named'; 'none': their requests named none; 'others': several
-- together; name: null unless named; of an app its name, or the beginning of its key's digest where no contract names
-- it; members: labels or apps, of the others more than one; unique_handles; overage: of these, those above the limit in
-- the order in which they began to count; charge: their share.
-- The charge is cut where the running total of the overage cuts it, rounded half away from zero to the minor unit: so
-- the shares add up to it, and none is more than one minor unit off.
CREATE FUNCTION headroom.charge_shares(of_contract bigint, of_month date, most bigint)
RETURNS TABLE (
    by text,
    place bigint,
    shape text,
    name text,
    members bigint,
    unique_handles bigint,
    overage bigint,
    charge numeric)
LANGUAGE plpgsql STABLE STRICT ROWS 40
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
            o.label,
            o.app,
            row_number() OVER (
                ORDER BY o.first_seen, o.first_source COLLATE "C", o.first_id COLLATE "C", o.owner COLLATE "C"
            ) > month.unit_limit AS above
        FROM headroom.month_owners(of_contract, of_month) AS o
    ),
    together AS MATERIALIZED (
        SELECT w.label, w.app, count(*) AS handles, count(*) FILTER (WHERE w.above) AS above
        FROM owner AS w
        GROUP BY w.label, w.app
    ),
    named AS (
        SELECT 'label' AS by, t.label AS name, t.handles, t.above
        FROM together AS t
        UNION ALL
        SELECT 'app', headroom.shown_app(a.name, t.app), t.handles, t.above
        FROM (
            SELECT o.app, sum(o.handles) AS handles, sum(o.above) AS above
            FROM together AS o
            GROUP BY o.app
        ) AS t
        LEFT JOIN headroom.contract_app AS a ON a.app_key = t.app
    ),
    grouped AS (
        SELECT n.by, n.name, sum(n.handles)::bigint AS handles, sum(n.above)::bigint AS above
        FROM named AS n
        GROUP BY n.by, n.name
    ),
    ranked AS (
        SELECT g.*, row_number() OVER (PARTITION BY g.by ORDER BY g.handles DESC, g.name COLLATE "C") AS rank
        FROM grouped AS g
    ),
    listed AS (
        SELECT
            r.by,
            least(r.rank, most + 1) AS place,
            count(*) AS members,
            min(r.name) AS name,
            sum(r.handles)::bigint AS handles,
            sum(r.above)::bigint AS above
        FROM ranked AS r
        GROUP BY 1, 2
    ),
    cut AS (
        SELECT
            l.*,
            coalesce(round(month.charge * sum(l.above) OVER in_order / nullif(month.overage, 0), month.digits), 0)
                AS until
        FROM listed AS l
        WINDOW in_order AS (PARTITION BY l.by ORDER BY l.place)
    )
    SELECT
        c.by,
        c.place,
        CASE WHEN c.members > 1 THEN 'others' WHEN c.name IS NULL THEN 'none' ELSE 'named' END,
        CASE WHEN c.members = 1 THEN c.name END,
        c.members,
        c.handles,
        c.above,
        c.until - coalesce(lag(c.until) OVER (PARTITION BY c.by ORDER BY c.place), 0)
    FROM cut AS c
    ORDER BY c.by, c.place;
END
$$;

-- The same for a sheet, the 100 largest before the others.
-- Columns: by, place: as charge_shares; kind: 'named', 'none' or 'counted', how the figures follow from the list of
-- handles; name; unique_handles; overage; overage_share: of the month's overage, 0 without one; charge: exact text.
-- A spreadsheet takes texts for equal that differ in case alone, so where there may be two such names the figures stand
-- as they are counted; and a list of more than 100,000 is not gone through for each name again.
CREATE FUNCTION headroom.sheet_shares(of_contract bigint, of_month date)
RETURNS TABLE (
    by text,
    place bigint,
    kind text,
    name text,
    unique_handles bigint,
    overage bigint,
    overage_share double precision,
    charge text)
LANGUAGE plpgsql STABLE STRICT ROWS 40
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT
        share.by,
        share.place,
        CASE
            WHEN share.shape = 'others'
                OR month.unique_handles > 100000
                OR count(*) OVER (PARTITION BY share.by, regexp_replace(lower(share.name), '[^ -~]', '?', 'g')) > 1
                THEN 'counted'
            ELSE share.shape
        END,
        CASE share.shape
            WHEN 'named' THEN share.name
            WHEN 'none' THEN '(none)'
            ELSE format('%s others', share.members)
        END,
        share.unique_handles,
        share.overage,
        coalesce(share.overage::double precision / nullif(month.overage, 0), 0),
        headroom.money(share.charge, month.currency)
    FROM headroom.stated_use(of_contract, of_month) AS month
    CROSS JOIN LATERAL headroom.charge_shares(of_contract, of_month, 100) AS share
    ORDER BY share.by, share.place;
END
$$;

-- The rows of sheet_shares that are of a label, or of an app, from what a sheet was handed of them.
--   shares: as an array of objects; of_by: 'label' or 'app'.
CREATE FUNCTION headroom.shares_by(shares jsonb, of_by text)
RETURNS TABLE (
    place bigint,
    kind text,
    name text,
    unique_handles bigint,
    overage bigint,
    overage_share double precision,
    charge text)
LANGUAGE sql IMMUTABLE STRICT ROWS 40
AS $$
    SELECT s.place, s.kind, s.name, s.unique_handles, s.overage, s.overage_share, s.charge
    FROM jsonb_to_recordset(shares) AS s (
        by text,
        place bigint,
        kind text,
        name text,
        unique_handles bigint,
        overage bigint,
        overage_share double precision,
        charge text)
    WHERE s.by = of_by
$$;
