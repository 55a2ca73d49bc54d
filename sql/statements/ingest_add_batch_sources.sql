-- SPDX-License-Identifier: MIT
-- Adds what a batch brought to what its sources brought. Right before the link: loaders of one source wait for one
-- another from here to the commit. $1 batch_id bigint. Column: done.
SELECT headroom.add_batch_sources($1::bigint) IS NULL AS done;
