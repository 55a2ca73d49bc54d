#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A follower is killed at random moments, and the server under it, while its files grow and are rotated, by renaming and
# by copying and cutting off: in the end every line is there, once.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/load.sh"
. "$(dirname "$0")/../lib/follow.sh"

kills=3 server_kills=1 step=500
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then kills=100 server_kills=20 step=5000; fi
RANDOM=$((HEADROOM_TEST_SEED % 32768))
note "seed $HEADROOM_TEST_SEED, $kills kills, $server_kills server kills, $step lines at a time"

# fsync is on: a server that is killed has to keep what it acknowledged.
cluster_start fsync=on shared_buffers=64MB max_connections=20
ledger_new followed || bail_out 'no ledger'
headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
mkdir "$work/logs" && cd "$work/logs" || bail_out 'no folder'
query() { cluster_psql followed -At -c "$1"; }

# A writer that waits for nobody: two logs grow in pieces that end within a line. One is rotated by renaming, in the middle
# of a line that goes on in the renamed file; the other by copying and cutting off.
lines=0 rotations=0
pause() { sleep "0.0$((RANDOM % 10))"; }
open_logs() { exec 8>>renamed.log 9>>copied.log; }
grow() { # FD [COMMAND…]: in the middle
    local fd=$1 size
    shift
    load_log "$lines" $((lines + step)) "$work/.piece"
    lines=$((lines + step))
    size=$((RANDOM % ($(stat -c %s "$work/.piece") - 1) + 1))
    head -c "$size" "$work/.piece" >&"$fd"
    pause
    [ $# -eq 0 ] || "$@"
    tail -c "+$((size + 1))" "$work/.piece" >&"$fd"
}
rotate() {
    rotations=$((rotations + 1))
    grow 8 mv renamed.log "renamed.log.$rotations"
    cp copied.log "copied.log.$rotations"
    : >copied.log
    open_logs
}
write_logs() {
    grow 8
    grow 9
    [ $((RANDOM % 3)) -ne 0 ] || rotate
}

in_ledger() { query 'SELECT count(*) FROM headroom.event'; }
begin() { follow 10 'renamed.log*' 'copied.log*'; }
midway=0
kill_follower() {
    begin
    sleep "0.$((RANDOM % 30))"
    write_logs
    pause
    write_logs
    # Every second one dies with its last lines just written.
    [ $((round % 2)) -eq 1 ] || grow 9
    [ $((round % 2)) -eq 0 ] || sleep "0.$((RANDOM % 10))"
    end_follow KILL
    is "$code" 137 'it was there to be killed' || cat follow.err
    [ "$(in_ledger)" -eq "$lines" ] || midway=$((midway + 1))
}
kill_server() {
    local back
    back=$(said 'the database is back')
    write_logs
    cluster_down QUIT
    write_logs
    cluster_up || bail_out 'the server does not start again'
    write_logs
    await 'the server was killed: it goes on by itself' "$((back + 1))" said 'the database is back'
}

open_logs
for ((round = 1; round <= kills; round++)); do kill_follower; done
before=$(query 'SELECT count(*) FROM headroom.batch')
begin
for ((round = 1; round <= server_kills; round++)); do kill_server; done
await 'every line is taken in' "$lines" in_ledger
end_follow
is "$code" 0 'its regular end' || cat follow.err
note "$midway of $kills were killed with lines to read, $before batches until then, $rotations rotations"
ok 'some were killed with lines to read' test "$midway" -gt 0
ok 'and some after they had committed something' test "$before" -gt 0
exits 0 headroom --json ingest renamed.log* copied.log*
is "$(jq -c '[.added, .quarantined]' <<<"$out")" '[0,0]' 'a plain run finds nothing that was left out'
load_is_whole followed "$lines"
