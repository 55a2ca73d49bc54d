-- SPDX-License-Identifier: MIT
-- Makes the roles that the server lacks (they are the server's, not the database's) and makes the login a member of
-- them. Somebody else may make the same at the same moment in another database.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['headroom_owner', 'headroom_writer', 'headroom_reader'] LOOP
        BEGIN
            IF to_regrole(name) IS NULL THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
                EXECUTE format('GRANT %I TO %I', name, session_user);
            ELSIF NOT pg_has_role(session_user, name, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO %I', name, session_user);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    IF NOT EXISTS (
        SELECT
        FROM pg_auth_members AS m
        WHERE m.member = to_regrole('headroom_writer') AND m.roleid = to_regrole('headroom_reader')) THEN
        GRANT headroom_reader TO headroom_writer;
    END IF;
END
$$;
