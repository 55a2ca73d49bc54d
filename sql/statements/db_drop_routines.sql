-- SPDX-License-Identifier: MIT
-- Drops every view and every function of the schema, so that the set of the program takes their place. Without CASCADE:
-- what somebody has built on them outside of the schema stops this with its name, and is not lost.
DO $$
DECLARE
    names text;
BEGIN
    SELECT string_agg(c.oid::regclass::text, ', ') INTO names
    FROM pg_class AS c
    WHERE c.relnamespace = 'headroom'::regnamespace AND c.relkind = 'v';
    IF names IS NOT NULL THEN
        EXECUTE 'DROP VIEW ' || names;
    END IF;

    SELECT string_agg(p.oid::regprocedure::text, ', ') INTO names
    FROM pg_proc AS p
    WHERE p.pronamespace = 'headroom'::regnamespace;
    IF names IS NOT NULL THEN
        EXECUTE 'DROP ROUTINE ' || names;
    END IF;
END
$$;
