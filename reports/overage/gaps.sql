-- SPDX-License-Identifier: MIT
-- The gaps in what the sources delivered, each with the days that it touches; of a closed month as when it was closed,
-- but for why, which is as known now.
-- $1 contract_id bigint; $2 month date; $3 now timestamptz.
-- Columns: see not_counted.json.
SELECT
    source.source,
    lower(gap.span) AS starts_at,
    upper(gap.span) AS ends_at,
    trim_scale(round(EXTRACT(EPOCH FROM upper(gap.span) - lower(gap.span)) / 3600, 1)) AS hours,
    headroom.days_text(ARRAY(
        SELECT day.day
        FROM headroom.period_days($1::bigint, $2::date) AS day
        WHERE gap.span && tstzrange(day.starts_at, day.ends_at)
        ORDER BY day.day)) AS days,
    coalesce(
        (
            SELECT string_agg(lost.words, '; ' ORDER BY lost.starts_at, lost.words)
            FROM headroom.gateway_lost AS lost
            WHERE lost.source = source.source AND tstzrange(lost.starts_at, lost.ends_at) && gap.span),
        'nothing came') AS why
FROM headroom.stated_sources($1::bigint, $2::date, $3::timestamptz) AS source
CROSS JOIN LATERAL unnest(source.gaps) AS gap (span)
ORDER BY source.source COLLATE "C", gap.span;
