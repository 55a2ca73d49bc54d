-- SPDX-License-Identifier: MIT
-- The chain of digests: every link holds the digest of the one before, so that nothing can be changed, put in or taken
-- out later without breaking it.

-- An instant in microseconds since the epoch, the form in which times enter a digest.
CREATE FUNCTION headroom.epoch_us(at timestamptz)
RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN (EXTRACT(EPOCH FROM at) * 1000000)::bigint;
END
$$;

-- The digest of one link: SHA-256 over lines of UTF-8 text, so that anybody can compute it again.
CREATE FUNCTION headroom.chain_digest(
    seq bigint, kind text, subject_id bigint, content_digest bytea, previous_digest bytea, linked_at timestamptz)
RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT sha256(convert_to(
        concat_ws(
            E'\n',
            'headroom-chain-1',
            seq,
            kind,
            subject_id,
            encode(content_digest, 'hex'),
            encode(previous_digest, 'hex'),
            headroom.epoch_us(linked_at),
            ''),
        'UTF8'))
$$;

-- Appends a link and returns its digest, which is the new head. Holds the head's row until the commit, so it comes
-- last in a transaction.
--   kind: 'batch', 'terms' …; subject_id: which one; content_digest: SHA-256 of what it holds; linked_at: when.
CREATE FUNCTION headroom.chain_append(kind text, subject_id bigint, content_digest bytea, linked_at timestamptz)
RETURNS bytea
LANGUAGE plpgsql
AS $$
DECLARE
    head headroom.chain_head;
    new_digest bytea NOT NULL := '';
BEGIN
    SELECT h.*
    INTO STRICT head
    FROM headroom.chain_head AS h
    FOR UPDATE;
    new_digest := headroom.chain_digest(head.seq + 1, kind, subject_id, content_digest, head.digest, linked_at);
    INSERT INTO headroom.chain (seq, kind, subject_id, content_digest, previous_digest, linked_at, digest)
    VALUES (head.seq + 1, kind, subject_id, content_digest, head.digest, linked_at, new_digest);
    UPDATE headroom.chain_head
    SET seq = head.seq + 1,
        digest = new_digest;
    RETURN new_digest;
END
$$;

-- What the link of terms stands for, as JSON text of all their values. The statement audit_links makes the same text
-- without this function.
CREATE FUNCTION headroom.term_form(of_term bigint)
RETURNS text
LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_array(
            'headroom-terms-1', t.term_id, c.contract_id, c.name, t.valid_from, t.time_zone, t.billing_day,
            t.counting, t.unit_limit, t.currency, t.pricing, t.package_size, t.fee, t.minimum, t.cap,
            t.tolerance_units, t.tolerance_cliff, t.proration, headroom.epoch_us(t.created_at), t.created_by,
            (SELECT jsonb_agg(jsonb_build_array(r.tier, r.up_to, r.unit_price, r.flat_fee) ORDER BY r.tier)
            FROM headroom.term_tier AS r
            WHERE r.term_id = t.term_id))::text
        FROM headroom.term AS t
        JOIN headroom.contract AS c USING (contract_id)
        WHERE t.term_id = of_term);
END
$$;

-- The content digest of the link of terms: SHA-256 over that text.
CREATE FUNCTION headroom.term_content(of_term bigint)
RETURNS bytea
LANGUAGE sql STABLE STRICT
AS $$
    SELECT sha256(convert_to(headroom.term_form(of_term), 'UTF8'))
$$;
