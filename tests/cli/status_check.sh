#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# status --check: what it finds, which exit code that is, and what it says, for cron.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new check || bail_out 'no ledger'
# The month of now began two weeks ago, whatever day it is.
billing_day=$(date -ud '-14 days' +%-d)
month=$(date -ud '-14 days' +%Y-%m)
for contract in 'ample 40' 'full 10' 'over 6' 'free none' 'idle 5'; do
    headroom contract add "${contract% *}" --limit "${contract#* }" --price 2.50 --currency USD \
        --billing-day "$billing_day" --from 2026-01-01 >>"$work/.add" || bail_out "no contract $contract"
done
now=$(date -u +%s)
until=$(date -ud "@$((now - 10800))" +%FT%TZ)
# Ten handles, one in about 30 hours, the last one three hours ago.
for contract in ample full over free; do
    for ((user = 1; user <= 10; user++)); do
        printf '{"time":%d,"user_id":%d,"contract":"%s"}\n' $((now - 10800 - (10 - user) * 108000)) "$user" "$contract"
    done
done >"$work/log.jsonl"
exits 0 headroom ingest -q "$work/log.jsonl"

note 'the limit'
exits 0 headroom status --check --contract ample
like "$out" "^ample $month: ok, 10 of 40 \(25 %\), <?[0-9]+ % chance of an overage, data until $until\$" 'one that is well'
is "$err" '' 'nothing on standard error'
exits 0 headroom -q status --check --contract ample
is "$out$err" '' '-q says nothing of it'
exits 5 headroom -q status --check --contract over
is "$out" "over $month: over the limit by 4 (10 of 6)" 'one over its limit, with -q too'
exits 0 headroom status --check --contract free
is "$out" "free $month: ok, 10 used, no limit, data until $until" 'one without a limit is never over'
exits 0 headroom status --check --contract idle
like "$out" "^idle $month: ok, 0 of 5 \(0 %\), [0-9a-z %]*.*no data\$" 'one that nothing feeds yet'
exits 0 headroom status --check --contract full
like "$out" "^full $month: ok, 10 of 10 \(100 %\), " 'at the limit is not over it'
exits 5 headroom status --check
is "$(cut -d: -f1 <<<"$out" | cut -d' ' -f1 | paste -sd,)" ample,free,full,idle,over 'a line a contract, and the worst exit code'

note 'how much is used'
exits 5 headroom -q status --check --used 25
is "$out" "ample $month: 10 of 40 (25 %), which is 25 % or more
full $month: 10 of 10 (100 %), which is 25 % or more
over $month: over the limit by 4 (10 of 6)" 'from the threshold on; over the limit is said as that'
exits 0 headroom -q status --check --used 25.01 --contract ample
is "$out" '' 'a hundredth more is not reached'
exits 0 headroom -q status --check --used 0.01 --contract free

note 'the chance of an overage'
exits 5 headroom -q status --check --probability 0 --contract ample
like "$out" "^ample $month: .* % chance of an overage, which is 0 % or more\$" 'a chance at the threshold'
exits 0 headroom -q status --check --probability 100 --contract ample
exits 5 headroom -q status --check --probability 20 --contract full
exits 5 headroom -q status --check --used 90 --probability 20 --contract full
like "$out" "^full $month: 10 of 10 \(100 %\), which is 90 % or more; [0-9><]+ % chance of an overage, which is 20 % or more\$" \
    'what is used is said before what may be'
exits 5 headroom -q status --check --probability 0 --contract over
is "$out" "over $month: over the limit by 4 (10 of 6)" 'over the limit there is none, only certainty'
exits 0 headroom -q status --check --probability 0 --contract free
is "$out" '' 'without a limit there is none'
exits 0 headroom -q status --check --probability 0 --month last --contract ample
is "$out" '' 'nor in a month that is over'

note 'data that is old'
exits 0 headroom -q status --check --stale 4 --contract ample
exits 4 headroom -q status --check --stale 2 --contract ample
is "$out" "ample $month: data until $until, and --stale is 2 hours" 'older than was asked for'
exits 4 headroom -q status --check --stale 8784 --contract idle
is "$out" "idle $month: no data, and --stale is 8784 hours" 'none at all is old whatever was asked for'
exits 5 headroom -q status --check --stale 1 --contract over
is "$out" "over $month: over the limit by 4 (10 of 6); data until $until, and --stale is 1 hour" '5 wins over 4, and both are said'
exits 5 headroom -q status --check --stale 1
exits 0 headroom -q status --check --stale 1 --month last --contract ample
is "$out" '' 'a month that is over is not asked'
for ((hour = 24 * 14 - 1; hour >= 240; hour--)); do printf '{"time":%d,"user_id":1,"source":"gone"}\n' $((now - hour * 3600)); done >"$work/gone.jsonl"
exits 0 headroom ingest -q --contract ample "$work/gone.jsonl"
exits 4 headroom -q status --check --contract ample
is "$out" "ample $month: source 'gone' has been silent since $(date -ud "@$((now - 240 * 3600))" +%FT%TZ)" \
    "without --stale by the sources' own rule"
is "$err" '' 'which is said once'
exits 4 headroom -q sources --check --contract ample
exits 4 headroom -q status --check --stale 239 --contract ample
exits 0 headroom -q status --check --stale 241 --contract ample

note 'JSON'
exits 5 headroom --json status --check --used 90 --stale 241
is "$(jq -c 'map([.contract, .check.state])' <<<"$out")" \
    '[["ample","ok"],["free","ok"],["full","used"],["idle","stale"],["over","over"]]' 'the state of each'
is "$(jq -r '.[4].check.words' <<<"$out")" 'over the limit by 4 (10 of 6)' 'and its words'
is "$(jq -c '.[0] | keys_unsorted[-1:]' <<<"$out")" '["check"]' 'behind what status has'
exits 0 headroom --json status
is "$(jq -c 'map(has("check")) | unique' <<<"$out")" '[false]' 'and not without --check'

note 'wrong usage'
for option in '--used 90' '--probability 50' '--stale 2'; do
    # shellcheck disable=SC2086 # two words
    exits 2 headroom status $option
    like "$err" "${option% *} says when --check finds fault: give --check as well" "${option% *} wants --check"
done
for value in 0 1000.01 -1 80% 1e2 80.125 '' eighty 99999999999999999999; do
    exits 2 headroom status --check --used="$value"
    like "$err" "--used '$value' is no per cent above 0 and up to 1000" "--used $value"
    is "$out" '' 'and nothing is said'
done
exits 0 headroom -q status --check --used 1000 --contract full
for value in -0.5 100.01 nan; do
    exits 2 headroom status --check --probability="$value"
    like "$err" "--probability '$value' is no per cent from 0 to 100:" "--probability $value"
done
for value in 0 1.5 8785; do exits 2 headroom status --check --stale="$value"; done
