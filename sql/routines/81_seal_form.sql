-- SPDX-License-Identifier: MIT
-- What seals and reopenings put into the chain.

-- What the link of a seal stands for, as JSON text of all its values, with the adjustments that it carries. Covers its
-- owners by their digest. The statement audit_links makes the same text without this function.
CREATE FUNCTION headroom.seal_form(of_seal bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    form text;
BEGIN
    SELECT jsonb_build_array(
        'headroom-seal-1', s.seal_id, s.contract_id, s.month, headroom.epoch_us(s.period_start),
        headroom.epoch_us(s.period_end), s.time_zone, s.version, s.term_id, s.rule, s.unique_handles, s.provisional,
        s.spread, s.unit_limit, s.overage, s.charge, s.currency, s.requests, s.counted_requests,
        headroom.epoch_us(s.as_of), headroom.epoch_us(s.data_until), s.completeness, s.completeness_words,
        s.low_days, s.day_requests,
        encode(s.owners_digest, 'hex'), s.statement, s.chain_seq, encode(s.chain_digest, 'hex'), s.checklist,
        s.forced_because, headroom.epoch_us(s.closed_at), s.closed_by,
        (SELECT coalesce(
            jsonb_agg(jsonb_build_array(a.seal_id, a.unique_handles, a.amount, a.currency) ORDER BY a.seal_id), '[]')
        FROM headroom.adjustment AS a
        WHERE a.carried_by = s.seal_id))::text
    INTO STRICT form
    FROM headroom.seal AS s
    WHERE s.seal_id = of_seal;
    RETURN form;
END
$$;

-- What the link of a reopening stands for, likewise.
CREATE FUNCTION headroom.reopening_form(of_seal bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
    form text;
BEGIN
    SELECT jsonb_build_array(
        'headroom-reopening-1', r.seal_id, r.reason, headroom.epoch_us(r.reopened_at), r.reopened_by)::text
    INTO STRICT form
    FROM headroom.reopening AS r
    WHERE r.seal_id = of_seal;
    RETURN form;
END
$$;
