-- SPDX-License-Identifier: MIT
-- What a change of a batch puts into the chain.

-- What the link of a void, a restore or a withdrawal stands for: SHA-256 over the JSON text of all its values.
CREATE FUNCTION headroom.change_content(of_change bigint)
RETURNS bytea
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    content text;
BEGIN
    SELECT jsonb_build_array(
        'headroom-change-1', c.change_id, c.batch_id, c.action, c.reason, headroom.epoch_us(c.changed_at),
        c.changed_by)::text
    INTO STRICT content
    FROM headroom.batch_change AS c
    WHERE c.change_id = of_change;
    RETURN sha256(convert_to(content, 'UTF8'));
END
$$;
