#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# forecast backtest: how good the forecast was on past months of the real log, as the method's text has it.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new backtest || bail_out 'no ledger'
headroom contract add demo --limit 200 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
query() { cluster_psql backtest -Atc "$1"; }

note 'too little history'
exits 0 headroom forecast backtest
is "$out" '' 'without a request: no table'
like "$err" "contract 'demo': no backtest yet: it takes two months .* there are 0" 'but a note'
exits 0 headroom --json forecast backtest
is "$(jq -c . <<<"$out")" \
    '[{"contract":"demo","months":0,"first_month":null,"last_month":null,"days":[],"left_out":[]}]' 'and an empty document'

note 'the real log'
headroom ingest -q "$root/tests/data/recipes-commits.csv.gz" >"$work/.in" || bail_out 'not taken in'
exits 0 headroom --json forecast backtest
json=$out
is "$(jq -c 'map(keys_unsorted)' <<<"$json")" '[["contract","months","first_month","last_month","days","left_out"]]' \
    'the keys, in their order'
is "$(jq -c '.[0].days | map(keys_unsorted) | unique' <<<"$json")" \
    '[["day","months","error","bias","coverage80","coverage95","width80","pinball","brier","run_rate_error","run_rate_bias","last_month_error","last_month_bias","no_history_error","no_history_bias"]]' \
    'those of a day'
is "$(jq -c '.[0] | [.contract, .months, .first_month, .last_month]' <<<"$json")" '["demo",36,"2023-07","2026-06"]' \
    'the newest 36 months'
is "$(jq -c '.[0].days | map([.day, .months])' <<<"$json")" '[[5,36],[10,36],[15,36],[20,36],[25,36]]' 'on five days'
per_cent() { jq -c ".[0].days | map($1 * 1000 | round / 10)" <<<"$json"; }
is "$(per_cent .error)" '[9.8,7.7,6.1,5.5,3.6]' 'the error, at day 10 and 15 as the reference has it'
is "$(per_cent .run_rate_error)" '[61,34.8,22.4,13.7,7.2]' 'the run-rate'\''s too'
is "$(per_cent .bias)" '[-1,-0.9,-0.4,-0.1,0.5]' 'the bias, with its sign'
is "$(jq -c '.[0].days | map(.last_month_error) | unique | length' <<<"$json")" 1 'the month before is as wrong on each day'
is "$(jq -c '.[0].days | map(.coverage80 >= 0.77 and .coverage80 <= 0.9 and .coverage95 > 0.91 and .brier < 0.13) | all' <<<"$json")" \
    true 'coverage and Brier score'
exits 0 headroom forecast backtest --months 1
like "$out" '^Contract demo: 1 month, 2026-06, forecast from those before it' 'a single month is named once'
wrong=$(query "SELECT round(avg(abs(l.n - m.n) / m.n::numeric) * 1000) / 10 FROM (
        SELECT to_char(occurred_at, 'YYYY-MM') AS month, count(DISTINCT subject) AS n FROM headroom.event GROUP BY month) AS m
    JOIN (SELECT to_char(occurred_at + INTERVAL '1 month', 'YYYY-MM') AS month, count(DISTINCT subject) AS n
        FROM (SELECT date_trunc('month', occurred_at AT TIME ZONE 'UTC') AS occurred_at, subject FROM headroom.event) AS e
        GROUP BY month) AS l USING (month)
    WHERE month BETWEEN '2023-07' AND '2026-06'")
is "$(per_cent .last_month_error | jq '.[0]')" "$(jq -n "$wrong")" 'last month'\''s error is what the events say'
is "$(jq -c '.[0].left_out | map([.month, .reason])[0]' <<<"$json")" '["2026-07","nothing was recorded"]' \
    'what is left out is named'

exits 0 headroom forecast backtest
like "$out" 'Contract demo: 36 months, 2023-07 to 2026-06' 'text: which months'
like "$out" $'\n'' 10 +36 +7\.7 % +-0\.9 % +83\.3 % +91\.7 % +23\.6 % +4\.3 % +0\.100'$'\n' 'a row for a day'
like "$out" $'\n'' 10 +7\.7 % \(-0\.9\) +34\.8 % \(\+34\.8\) +12\.8 %' 'beside simpler ways'
like "$out" 'Left out: 2026-07 to .*nothing was recorded' 'what is left out'
is "$(grep -cE '^(DAY|MONTHS|ERROR|BIAS|IN 80 %|IN 95 %|WIDTH|PINBALL|BRIER|RUN-RATE|LAST MONTH|NO HISTORY) +[a-z]' <<<"$out")" 12 \
    'each column is explained in a line'
is "$(awk 'length > 80' <<<"$out")" '' 'within 80 columns'

note 'another number of months'
exits 0 headroom --json forecast backtest --months 12
is "$(jq -c '.[0] | [.months, .first_month, .days[0].months]' <<<"$out")" '[12,"2025-07",12]' 'the last year'
exits 0 headroom --json forecast backtest --months 1200
is "$(jq -c '.[0] | [.months, .first_month, .last_month]' <<<"$out")" '[124,"2016-03","2026-06"]' \
    'all: the first whole month is learned from only, that in which recording began not even that'
is "$(jq -c '.[0].left_out | map(select(.month < "2020")) | map([.month, .reason])' <<<"$out")" \
    '[["2016-01","recording began"]]' 'and it is named'
for months in 0 -1 1201 x 1.5 ''; do
    exits 2 headroom forecast backtest --months "$months"
    like "$err" "--months" "--months '$months' is refused"
done
exits 2 headroom forecast backtest 2026-06
exits 2 headroom forecast backtest --contract nobody
like "$err" "nobody.*demo" 'an unknown contract: the known ones are named'

note 'months that an operator takes out, and several contracts'
headroom -q periods ignore 2026-03 --reason 'an outage' >"$work/.ignore" || bail_out 'not ignored'
exits 0 headroom --json forecast backtest
is "$(jq -c '.[0] | [.months, .first_month, (.left_out[] | select(.month == "2026-03").reason)]' <<<"$out")" \
    '[36,"2023-06","ignored: an outage"]' 'is neither forecast nor learned from'
headroom -q contract add 'second' --limit none --price 1 --currency USD >"$work/.add"
printf '{"time":"2026-0%d-01T00:00:00Z","user_id":%d,"contract":"second"}\n' 4 1 5 1 6 1 7 2 >"$work/log.jsonl"
headroom ingest -q "$work/log.jsonl" >"$work/.in"
exits 0 headroom --json forecast backtest
is "$(jq -c 'map([.contract, .months])' <<<"$out")" '[["demo",36],["second",2]]' 'each by itself'
exits 0 headroom forecast backtest --contract second
like "$out" 'Contract second: 2 months, 2026-05 to 2026-06' 'a few months are forecast from fewer'
