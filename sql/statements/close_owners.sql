-- SPDX-License-Identifier: MIT
-- The owners of a seal (the setting headroom.seal) as its digest has them: owner, handle (empty: none), first and last
-- seen in microseconds, requests, counted requests; by the bytes of the owner.
COPY (
    SELECT
        owner, handle, (EXTRACT(EPOCH FROM first_seen) * 1000000)::bigint,
        (EXTRACT(EPOCH FROM last_seen) * 1000000)::bigint, requests, counted_requests
    FROM headroom.seal_owner
    WHERE seal_id = (SELECT current_setting('headroom.seal')::bigint)
    ORDER BY owner COLLATE "C"
) TO STDOUT (NULL '');
