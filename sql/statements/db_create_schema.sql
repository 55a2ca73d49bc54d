-- SPDX-License-Identifier: MIT
-- Makes the schema, which belongs to the owner's role like everything in it.
CREATE SCHEMA headroom AUTHORIZATION headroom_owner;
