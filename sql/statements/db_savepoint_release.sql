-- SPDX-License-Identifier: MIT
-- Forgets the latest mark and keeps what was done since.
RELEASE SAVEPOINT headroom;
