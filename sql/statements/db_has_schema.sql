-- SPDX-License-Identifier: MIT
-- Whether the database has headroom's schema. Columns: named (there is a schema of that name), found (with migrations
-- in it), making (what a person would run to have one).
SELECT
    count(*) > 0 AS named,
    coalesce(
        bool_or(EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relname = 'migration')),
        false) AS found,
    'CREATE SCHEMA headroom AUTHORIZATION headroom_owner;' AS making
FROM pg_namespace AS n
WHERE n.nspname = 'headroom';
