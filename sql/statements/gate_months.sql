-- SPDX-License-Identifier: MIT
-- The open month of each contract that has terms now, and the names of the others.
-- Columns: contract_id; contract; starts_us, ends_us: half-open, microseconds since the epoch, null under no terms;
-- month: the first day of the calendar month; limited: whether it has a limit; version: another text where the counted
-- handles want to be read again.
SELECT
    c.contract_id,
    c.name AS contract,
    m.month,
    headroom.epoch_us(m.starts_at) AS starts_us,
    headroom.epoch_us(m.ends_at) AS ends_us,
    m.unit_limit IS NOT NULL AS limited,
    m.version
FROM headroom.contract AS c
LEFT JOIN headroom.gate_months(clock_timestamp()) AS m ON m.contract_id = c.contract_id
ORDER BY c.name;
