#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# status --format prometheus: what it says, and that a collector can read it.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/exposition.sh"

ledger_new prometheus || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" &&
    headroom contract add 'a "b" \c' --limit none --price 1 --currency JPY >>"$work/.add" || bail_out 'no contracts'
for user in 1 2 3 4 5; do
    printf '{"time":"2026-03-0%dT08:00:00.5Z","user_id":%d}\n' "$user" "$user"
done >"$work/log.jsonl"
exits 0 headroom ingest -q --contract acme "$work/log.jsonl"

value() { sed -n "s/^$1{contract=\"acme\",month=\"2026-03\"${2:-}} //p" <<<"$out"; } # METRIC [LABELS]

note 'a month that is over'
exits 0 headroom status --month 2026-03 --format prometheus
ok 'the text is well formed' exposition "$work/.out" 2
is "$(for metric in unique_handles limit headroom overage requests; do value "headroom_$metric"; done | paste -sd' ')" '5 3 0 2 5' \
    'the counts of status'
is "$(value headroom_charge ',currency="USD"')" 5.00 'money with its digits'
is "$(value headroom_data_until_seconds)" "$(date -ud '2026-03-05T08:00:00Z' +%s).500001" 'data until'
is "$(value headroom_period_end_seconds)" "$(date -ud '2026-04-01T00:00:00Z' +%s).000000" 'the end of the month'
is "$(value headroom_closed)" 0 'which is not closed'
like "$out" 'headroom_charge\{contract="a \\"b\\" \\\\c",month="2026-03",currency="JPY"\} 0' 'a name with quotes and backslashes'
unlike "$out" 'headroom_forecast_handles|headroom_overage_probability' 'nothing is ahead of it'
unlike "$out" 'headroom_(limit|headroom|data_until_seconds)\{contract="a ' 'nothing of a limit or data that are not there'
headroom close --month 2026-03 --contract acme --force --reason 'a test' >"$work/.close" 2>&1
exits 0 headroom status --month 2026-03 --format=prometheus --contract acme
is "$(value headroom_closed)" 1 'a closed one'

note 'a month that goes on'
headroom contract add fresh --limit 9 --price 1 --currency USD --billing-day "$(date -ud '-14 days' +%-d)" >"$work/.add"
for hour in 3 50 90; do printf '{"time":%d,"user_id":%d}\n' $(($(date +%s) - hour * 3600)) "$hour"; done >"$work/fresh.jsonl"
exits 0 headroom ingest -q --contract fresh "$work/fresh.jsonl"
printf '{"time":%d,"user_id":1}\n' "$(date +%s)" | headroom -q ingest --contract 'a "b" \c' - >"$work/.in"
exits 0 headroom -q status --format prometheus
ok 'the text is well formed' exposition "$work/.out" 2
is "$err" '' 'nothing on standard error'
is "$(grep -c '^# TYPE' <<<"$out")" "$(grep -o '^headroom_[a-z_]*' <<<"$out" | sort -u | wc -l)" 'a metric without a sample has no head'
like "$out" 'headroom_forecast_handles\{contract="a ' 'a contract without a limit has a forecast'
unlike "$out" 'headroom_overage_probability\{contract="a ' 'and no probability'
mv "$work/.out" "$work/metrics"
metric() { sed -n "s/^headroom_$1{contract=\"fresh\",month=\"[0-9-]*\"${2:-}} //p" "$work/metrics"; } # NAME [LABELS]
exits 0 headroom -q --json status --contract fresh
is "$({ for p in 10 50 90; do metric forecast_handles ",percentile=\"$p\""; done; metric overage_probability; } | jq -cs .)" \
    "$(jq -c '.[0].forecast | [.p10, .p50, .p90, .probability_over_limit]' <<<"$out")" 'the forecast is that of the JSON'
if command -v promtool >/dev/null; then
    ok 'promtool finds no fault' promtool check metrics <"$work/metrics"
else
    skip 'promtool finds no fault' 'no promtool here (package prometheus)'
fi
exits 0 headroom status --help
while read -r metric; do like "$out" "$metric" "$metric is in the help"; done < <(sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$work/metrics")

note 'wrong usage'
exits 2 headroom status --format csv
like "$err" "--format 'csv' is not known; there are: prometheus" 'another format'
exits 2 headroom --json status --format prometheus
like "$err" '--format prometheus and --json are two ways to answer' 'with --json'
exits 2 headroom status --check --format prometheus
like "$err" '--format prometheus and --check are two ways to answer' 'with --check'
is "$out" '' 'and nothing is said'
