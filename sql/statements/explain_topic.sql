-- SPDX-License-Identifier: MIT
-- What `explain` answers to a topic.
-- $1 topic.
-- Columns: explanation.
SELECT known.explanation
FROM headroom.explanations() AS known
WHERE known.topic = $1::text;
