-- SPDX-License-Identifier: MIT
-- Makes a session behave the same whatever the server, the database, the login or the environment has set: an
-- unqualified name can't be caught by another schema, and values have one spelling. The columns have no meaning.
SELECT
    pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),
    pg_catalog.set_config('TimeZone', 'UTC', false),
    pg_catalog.set_config('DateStyle', 'ISO, YMD', false),
    pg_catalog.set_config('IntervalStyle', 'iso_8601', false),
    pg_catalog.set_config('bytea_output', 'hex', false),
    pg_catalog.set_config('extra_float_digits', '1', false),
    pg_catalog.set_config('lc_monetary', 'C', false),
    pg_catalog.set_config('lc_numeric', 'C', false),
    pg_catalog.set_config('lc_time', 'C', false),
    pg_catalog.set_config('check_function_bodies', 'on', false),
    pg_catalog.set_config('default_transaction_isolation', 'read committed', false),
    -- What was acknowledged is durable, whatever a database or a login has set; a stronger setting stays.
    CASE pg_catalog.current_setting('synchronous_commit')
        WHEN 'off' THEN pg_catalog.set_config('synchronous_commit', 'on', false)
    END;
