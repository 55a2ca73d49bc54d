#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two programs take in overlapping files at once, in opposite orders: nothing is there twice, and no deadlock ends one.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/load.sh"

rounds=1 lines=120000
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then rounds=5 lines=1000000; fi
note "$rounds rounds, $lines lines"

# Three files, each two thirds of the log: every line is in two of them. One more has the lines backwards.
third=$((lines / 3))
load_log 0 $((2 * third)) "$work/a.jsonl"
load_log "$third" "$lines" "$work/b.jsonl"
{ load_log 0 "$third" "$work/.c" && cat "$work/.c"; load_log $((2 * third)) "$lines" "$work/.c" && cat "$work/.c"; } \
    >"$work/c.jsonl"
tac "$work/a.jsonl" >"$work/d.jsonl"

for ((round = 1; round <= rounds; round++)); do
    ledger_new "two$round" || bail_out 'no ledger'
    headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
    headroom --json ingest "$work/a.jsonl" "$work/b.jsonl" "$work/c.jsonl" >"$work/one.json" 2>"$work/one.err" &
    one=$!
    headroom --json ingest "$work/c.jsonl" "$work/d.jsonl" "$work/b.jsonl" "$work/a.jsonl" >"$work/two.json" 2>"$work/two.err" &
    two=$!
    wait "$one"
    is $? 0 'the first one ends well' || note "$(cat "$work/one.err")"
    wait "$two"
    is $? 0 'the second one ends well' || note "$(cat "$work/two.err")"
    is "$(jq -s 'map(.added) | add' "$work/one.json" "$work/two.json")" "$lines" 'together they added every line once'
    is "$(jq -s 'map(.read == .added + .duplicate) | all' "$work/one.json" "$work/two.json")" true 'the rest were duplicates'
    load_is_whole "two$round" "$lines"
done
