-- SPDX-License-Identifier: MIT
-- What a change of a batch puts into the chain.

-- What the link of a void, a restore or a withdrawal stands for, as JSON text of all its values. The statement
-- audit_links makes the same text without this function.
CREATE FUNCTION headroom.change_form(of_change bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    form text;
BEGIN
    SELECT jsonb_build_array(
        'headroom-change-1', c.change_id, c.batch_id, c.action, c.reason, headroom.epoch_us(c.changed_at),
        c.changed_by)::text
    INTO STRICT form
    FROM headroom.batch_change AS c
    WHERE c.change_id = of_change;
    RETURN form;
END
$$;

-- The content digest of that link: SHA-256 over that text.
CREATE FUNCTION headroom.change_content(of_change bigint)
RETURNS bytea
LANGUAGE sql STABLE STRICT
AS $$
    SELECT sha256(convert_to(headroom.change_form(of_change), 'UTF8'))
$$;
