-- SPDX-License-Identifier: MIT
-- The statements that a person would run so that the login of this session can make and use a ledger: the roles that
-- the server lacks, and those that the login is no member of. Column: statement.
WITH role (name) AS (VALUES ('headroom_owner'), ('headroom_writer'), ('headroom_reader'))
SELECT format('CREATE ROLE %I NOLOGIN;', r.name) AS statement
FROM role AS r
WHERE to_regrole(r.name) IS NULL
UNION ALL
SELECT 'GRANT headroom_reader TO headroom_writer;'
WHERE NOT EXISTS (
    SELECT
    FROM pg_auth_members AS m
    WHERE m.member = to_regrole('headroom_writer') AND m.roleid = to_regrole('headroom_reader'))
UNION ALL
SELECT format('GRANT %I TO %I;', r.name, session_user)
FROM role AS r
WHERE CASE WHEN to_regrole(r.name) IS NULL THEN true
    ELSE NOT pg_has_role(session_user, to_regrole(r.name)::oid, 'MEMBER') END;
