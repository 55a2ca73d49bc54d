-- SPDX-License-Identifier: MIT
-- Makes the database of a new private cluster.
CREATE DATABASE headroom TEMPLATE template0;
