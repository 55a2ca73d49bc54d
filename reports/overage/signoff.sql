-- SPDX-License-Identifier: MIT
-- Who signs the month. The cells are for them to fill in.
-- Columns: see reconciliation.json.
SELECT role, NULL::text AS name, NULL::date AS signed_on, NULL::text AS remark, NULL::text AS signature
FROM (VALUES (1, 'Prepared'), (2, 'Reviewed'), (3, 'Approved')) AS s (place, role)
ORDER BY place;
