-- SPDX-License-Identifier: MIT
-- Who is known by a keyed digest alone can be let through the gate, too.
ALTER TABLE headroom.gate_allowance
    DROP CONSTRAINT gate_allowance_subject_check,
    ADD CONSTRAINT gate_allowance_subject_check
        CHECK (subject ~ '^(@[a-z0-9_]{1,20}|[1-9][0-9]{0,18}|~[0-9a-f]{64})$');
