#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The connection to the database is cut in the middle of a load, at random moments: by the network and by the server.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/load.sh"

cuts=4 lines=60000
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then cuts=40 lines=600000; fi
RANDOM=$((HEADROOM_TEST_SEED % 32768))
note "seed $HEADROOM_TEST_SEED, $cuts cuts, $lines lines"

ledger_new cut || bail_out 'no ledger'
headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
load_log 0 "$lines" "$work/log.jsonl"

# A wire of our own between the program and the server: it can be cut.
wire=$(mktemp -d /tmp/wire.XXXXXX)
at_exit rm -rf "$wire"
wire_pid=
wire_lay() {
    rm -f "$wire/.s.PGSQL.5432"
    socat "UNIX-LISTEN:$wire/.s.PGSQL.5432" "UNIX-CONNECT:$cluster/.s.PGSQL.5432" 2>"$work/.socat" &
    wire_pid=$!
    until_up "$wire_pid" test -S "$wire/.s.PGSQL.5432" || bail_out 'the wire cannot be laid' "$(cat "$work/.socat")"
}
wire_url="host=$wire port=5432 user=postgres dbname=cut"

copying() { cluster_psql cut -At -c "SELECT pid FROM pg_stat_progress_copy LIMIT 1"; }
wait_for_copy() {
    local i
    for ((i = 0; i < 500; i++)); do [ -n "$(copying)" ] && return; sleep 0.005; done
}

broken=0
cut() { # network|server
    local url=$HEADROOM_DB load code
    if [ "$1" = network ]; then wire_lay; url=$wire_url; fi
    headroom ingest --db "$url" --again "$work/log.jsonl" >"$work/.cut" 2>&1 &
    load=$!
    wait_for_copy
    sleep "0.0$((RANDOM % 90 + 10))"
    if [ "$1" = network ]; then kill -KILL "$wire_pid"; else
        cluster_psql cut -At -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = 'cut' AND pid <> pg_backend_pid()" >"$work/.terminated"
    fi
    wait "$load"
    code=$?
    [ "$1" = server ] || wait "$wire_pid" 2>"$work/.wait"
    if [ "$code" -ne 0 ]; then
        broken=$((broken + 1))
        [ "$code" -eq 6 ] || [ "$code" -eq 1 ] || { note "exit code $code"; cat "$work/.cut"; codes=bad; }
        grep -q 'run the same again' "$work/.cut" || { codes=bad; note "$(cat "$work/.cut")"; }
    fi
}
codes=good
for ((n = 1; n <= cuts; n++)); do if ((n % 2)); then cut network; else cut server; fi; done
note "$broken of $cuts loads failed by it"
ok 'loads were cut in the middle' test "$broken" -gt 0
is "$codes" good 'each said so, and what to do, with the exit code of a failure'
is "$(cluster_psql cut -At -c 'SELECT coalesce(sum(added), 0) = (SELECT count(*) FROM headroom.event) FROM headroom.batch')" t \
    'what was committed is whole'
exits 0 headroom ingest "$work/log.jsonl"
load_is_whole cut "$lines"
