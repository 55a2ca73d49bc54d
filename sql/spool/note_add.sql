-- SPDX-License-Identifier: MIT
-- ?1 kind, ?2 json. The newest note is never purged, so no number comes twice.
INSERT INTO note (kind, json) VALUES (?1, ?2);
