-- SPDX-License-Identifier: MIT
-- Whether the database has headroom's schema. Columns: named (a schema of that name), found (with its migrations).
SELECT
    count(*) > 0 AS named,
    coalesce(bool_or(EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relname = 'migration')), false)
        AS found
FROM pg_namespace AS n
WHERE n.nspname = 'headroom';
