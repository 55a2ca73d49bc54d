-- SPDX-License-Identifier: MIT
-- Gathers the planner's statistics, which a restore does not bring along.
ANALYZE;
