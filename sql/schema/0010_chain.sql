-- SPDX-License-Identifier: MIT
-- Finds the link of a batch, of terms or of a change: asked for each that is shown or proved.

CREATE INDEX chain_subject ON headroom.chain (subject_id, kind);
