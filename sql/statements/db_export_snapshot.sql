-- SPDX-License-Identifier: MIT
-- Names what this transaction sees, so that another program can see the same. Column: snapshot.
SELECT pg_export_snapshot() AS snapshot;
