-- SPDX-License-Identifier: MIT
-- The record of the reports that were written.

-- Each as it is shown: digests as hex, times as microseconds since the epoch, money as exact text; parameters is JSON
-- text, file null for standard output. month_of and contract_id are for joining.
CREATE VIEW headroom.report_shown AS
SELECT
    w.written_id,
    w.contract_id,
    w.month AS month_of,
    w.report,
    w.format,
    c.name AS contract,
    to_char(w.month, 'YYYY-MM') AS month,
    w.parameters,
    w.file,
    encode(w.file_digest, 'hex') AS sha256,
    w.file_size AS size,
    w.chain_seq AS chain_link,
    encode(w.chain_digest, 'hex') AS chain_head,
    w.state,
    w.unique_handles,
    headroom.money(w.charge, w.currency) AS charge,
    w.currency,
    headroom.epoch_us(w.made_at) AS made_at,
    headroom.epoch_us(w.written_at) AS written_at,
    w.written_by,
    w.program
FROM headroom.report_written AS w
LEFT JOIN headroom.contract AS c ON c.contract_id = w.contract_id;

GRANT SELECT ON headroom.report_shown TO headroom_reader, headroom_writer;
