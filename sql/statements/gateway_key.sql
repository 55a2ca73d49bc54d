-- SPDX-License-Identifier: MIT
-- The key of the digests that stand for tokens which name nobody.
-- Columns: key: 64 hex digits.
SELECT encode(key, 'hex') AS key FROM headroom.gateway_key;
