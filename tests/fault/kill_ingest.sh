#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The program is killed at random moments of a load, and the server too; the next run goes on, and nothing is lost or
# there twice.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/load.sh"

kills=5 server_kills=2 lines=150000
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then kills=100 server_kills=20 lines=2500000; fi
RANDOM=$((HEADROOM_TEST_SEED % 32768))
note "seed $HEADROOM_TEST_SEED, $kills kills, $server_kills server kills, $lines lines"

# fsync is on: a server that is killed has to keep what it acknowledged.
cluster_start fsync=on shared_buffers=64MB max_connections=20
ledger_new killed || bail_out 'no ledger'
headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
load_log 0 "$lines" "$work/log.jsonl"
query() { cluster_psql killed -At -c "$1"; }

batches() { query 'SELECT count(*) FROM headroom.batch'; }
more_than() { [ "$(batches)" -gt "$1" ]; }

# Each load goes on where the one before was killed; once all is there, the file is read again from its start.
how() { [ "$(query 'SELECT coalesce(sum(added), 0) FROM headroom.batch')" -lt "$lines" ] || echo --again; }

# Kills a load: at a random moment of its first second, or a little after it has committed a batch.
kill_midway() { # program|server NUMBER
    local pid before again
    before=$(batches) again=$(how)
    "$program" ingest ${again:+"$again"} "$work/log.jsonl" >"$work/.killed" 2>&1 &
    pid=$!
    if [ $(($2 % 2)) -eq 0 ]; then
        within 8 more_than "$before"
    fi
    sleep "0.$((RANDOM % 60 + 10))"
    if [ "$1" = server ]; then cluster_down QUIT; fi
    if [ "$1" = program ]; then kill -KILL "$pid" 2>"$work/.gone"; fi
    wait "$pid" 2>"$work/.wait"
    [ $? -eq 0 ] || midway=$((midway + 1))
}
midway=0

check() { # NAME
    is "$(query 'SELECT coalesce(sum(added), 0) = (SELECT count(*) FROM headroom.event) FROM headroom.batch')" t \
        "$1: what the batches added is there"
    is "$(query "SELECT coalesce(sum(requests), 0) = (SELECT count(*) FROM headroom.event) FROM headroom.usage")" t \
        "$1: the usage holds every event"
}

headroom ingest "$work/log.jsonl" --dry-run >"$work/.dry" || bail_out 'the log cannot be read'
for ((i = 1; i <= kills; i++)); do kill_midway program "$i"; done
check 'program killed'
for ((i = 1; i <= server_kills; i++)); do
    kill_midway server "$i"
    cluster_up || bail_out 'the server does not start again'
done
check 'server killed'
note "$midway were hit in the middle, $(batches) batches"
ok 'most of them were hit in the middle' test "$midway" -ge $(((kills + server_kills) / 2))
ok 'and some after they had committed something' test "$(batches)" -gt 0
exits 0 headroom ingest "$work/log.jsonl"
load_is_whole killed "$lines"
exits 0 headroom --json ingest --again "$work/log.jsonl"
is "$(jq -c '[.read, .added, .duplicate]' <<<"$out")" "[$lines,0,$lines]" 'all is there: the file from its start adds nothing'
