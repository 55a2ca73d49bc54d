-- SPDX-License-Identifier: MIT
-- What could make the difference between the vendor's figures of a month and ours, and what makes it, in order.
-- $1 contract_id bigint; $2 month date.
-- Columns: cause; kind; description; endless boolean; reach, explains bigint; amount (exact text); alone, exactly
-- boolean: as in struct invoice_cause.
SELECT
    d.cause,
    d.kind,
    d.description,
    d.endless,
    d.reach,
    d.explains,
    headroom.money(d.amount, d.currency) AS amount,
    d.alone,
    d.exactly
FROM headroom.invoice_differences($1::bigint, $2::date, now()) AS d
ORDER BY d.place;
