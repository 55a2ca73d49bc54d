-- SPDX-License-Identifier: MIT
-- What the month's forecast starts from. One row; figures are null where nothing is forecast.
-- $4 forecast jsonb.
-- Columns: see inputs.json.
SELECT
    CASE WHEN said.model IS NOT NULL THEN said.method END AS method,
    CASE WHEN said.model IS NOT NULL THEN said.as_of END AS as_of,
    CASE WHEN said.model IS NOT NULL THEN said.history_months END AS history_months,
    CASE WHEN said.model IS NOT NULL THEN said.left_out_count END AS left_out,
    (said.model ->> 'share')::double precision AS share,
    (said.model ->> 'development')::double precision AS development,
    (said.model ->> 'weight')::double precision AS weight
FROM jsonb_to_record($4::jsonb) AS said (
    method text, as_of timestamptz, history_months bigint, left_out_count bigint, model jsonb);
