-- SPDX-License-Identifier: MIT
-- The part of a file that a batch took in, for a later run to go on from.
-- $1 batch_id bigint; $2 scope; $3 device, $4 inode bigint; $5 first_digest, $6 end_digest bytea;
-- $7 open_byte bigint and $8 open_digest bytea (both null: no record may go on); $9 next_line bigint;
-- $10 nameless boolean; $11 header (null: none).
INSERT INTO headroom.batch_file (
    batch_id, scope, device, inode, first_digest, end_digest, open_byte, open_digest, next_line, nameless, header)
VALUES (
    $1::bigint, $2::text, $3::bigint, $4::bigint, $5::bytea, $6::bytea, $7::bigint, $8::bytea, $9::bigint,
    $10::boolean, $11::text);
