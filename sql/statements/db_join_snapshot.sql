-- SPDX-License-Identifier: MIT
-- Lets this transaction see what another one sees. Its first statement.
-- $1 the name that db_export_snapshot gave. This is a statement that takes no parameters: db puts the name in, quoted.
SET TRANSACTION SNAPSHOT $1;
