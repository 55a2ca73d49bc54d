-- SPDX-License-Identifier: MIT
-- Metrics that look wrong but are not.
-- Columns: see engagement.json.
SELECT known.topic AS metric, known.explanation
FROM headroom.explanations() AS known
WHERE known.is_metric
ORDER BY known.place;
