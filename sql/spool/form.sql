-- SPDX-License-Identifier: MIT
-- What lies there: application id, version of the schema, number of tables.
SELECT
    (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
    (SELECT count(*) FROM sqlite_master);
