-- SPDX-License-Identifier: MIT
-- Endpoints as a bit set, as the usage keeps them.

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
    SELECT nullif(concat_ws(
        ', ',
        CASE WHEN endpoints & 1 <> 0 THEN 'totals' END,
        CASE WHEN endpoints & 2 <> 0 THEN '28hr' END,
        CASE WHEN endpoints & 4 <> 0 THEN 'historical' END), '')
$$;
