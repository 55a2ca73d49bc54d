-- SPDX-License-Identifier: MIT
-- Takes a batch's usage to its staging table.
COPY pg_temp.staged_usage FROM STDIN (FORMAT binary);
