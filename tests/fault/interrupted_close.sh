#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ctrl-C while a close waits for a load: nothing is changed, nothing is left behind, and it says so.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new interrupted || bail_out 'no ledger'
sql() { cluster_psql interrupted -At -c "$1"; }
headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
printf '{"id":"a","time":"2026-08-01T10:00:00Z","user_id":"1"}\n' >"$work/log.jsonl"
headroom ingest -q "$work/log.jsonl" >"$work/.ingest" 2>&1 || bail_out 'no log'

one_waits() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")" = 1 ]; }

for signal in INT TERM; do
    coproc load { cluster_psql interrupted -At; }
    # shellcheck disable=SC2154 # coproc sets both
    load_id=$load_PID
    # shellcheck disable=SC2154
    echo 'BEGIN; SELECT contract_id FROM headroom.contract_lock FOR SHARE;' >&"${load[1]}"
    read -r _ <&"${load[0]}"
    env --default-signal=INT "$program" close --month 2026-08 --force --reason gone >"$work/out" 2>"$work/err" &
    closing=$!
    ok "$signal: it waits for the load" within 60 one_waits
    kill -"$signal" "$closing"
    echo 'COMMIT; \q' >&"${load[1]}"
    wait "$load_id" 2>>"$work/.wait"
    wait "$closing" 2>>"$work/.wait"
    is $? $((128 + $(kill -l "$signal"))) 'the signal ends it'
    is "$(cat "$work/out")" '' 'with nothing on standard output'
    like "$(cat "$work/err")" 'interrupted: nothing was changed' 'and says that nothing was changed'
    is "$(headroom --json status --month 2026-08 | jq -r '.[0].state')" over 'the month is not closed'
    is "$(sql 'SELECT count(*) FROM headroom.contract_intent')" 0 'no intent is left that loads would wait for'
done
exits 0 headroom close --month 2026-08 --force --reason gone
exits 0 headroom verify
