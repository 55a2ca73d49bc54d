-- SPDX-License-Identifier: MIT
-- Takes an import's facts and claims to their staging table.
COPY pg_temp.staged_identity (subject, user_id, line, first_together, valid_from, valid_until)
FROM STDIN (FORMAT binary);
