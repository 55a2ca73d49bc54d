#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# PostgreSQL stops, is killed, and comes back from an older backup, while a gateway's requests come: each is an event
# exactly once, and what the backup lacks is said until it is replayed.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

requests=150
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then requests=5000; fi
driver_find drain_driver
ledger_new drain || bail_out 'no ledger'
headroom contract add acme --limit 500 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add"
query() { cluster_psql drain -At -c "$1"; }
# With the driver's input the server would hold that open.
server_again() { cluster_up 8>&- 9>&-; }

mkfifo "$work/commands" "$work/answers"
"$driver" "$work/spool" "$HEADROOM_DB" acme <"$work/commands" >"$work/answers" 2>"$work/.driver" &
exec 8>"$work/commands" 9<"$work/answers"
answer=
tell() { # COMMAND…: one that answers
    printf '%s\n' "$*" >&8
    IFS= read -r -t 120 answer <&9
}
sent=0
put() { tell put "$requests" && sent=$answer; }
sees_it_away() { tell look && [[ $answer == away* ]]; }

put && tell wait 60
is "$answer" 'left 0' 'the first requests are in'
exits 0 headroom db backup "$work/backup"
put && tell wait 60
is "$answer" 'left 0' 'and those after the backup'

note 'stopped'
cluster_down
put
ok 'it sees that the database is away' within 60 sees_it_away
server_again || bail_out 'the server does not start again'
tell wait 90
is "$answer" 'left 0' 'what came meanwhile is in'

note 'killed'
cluster_down KILL
put
ok 'it sees that too' within 60 sees_it_away
# The sessions of a killed server take a moment to notice; until then a new one can't have its memory.
ok 'the server starts again' within 60 server_again
put && tell wait 90
is "$answer" 'left 0' 'and again nothing is left'
is "$(query 'SELECT count(*), count(DISTINCT event_id), max(position) FROM headroom.event')" "$sent|$sent|$sent" \
    'each request is an event, once'
is "$(query 'SELECT count(*) FROM headroom.gateway_lost')" 0 'and none is said to be lost'

note 'restored from the older backup'
cluster_psql postgres -c 'DROP DATABASE drain WITH (FORCE)'
put
cluster_database drain
put
exits 0 headroom db restore "$work/backup"
put && tell wait 90
is "$answer" 'left 0' 'what came since the database went is in'
exec 8>&-
IFS= read -r -t 60 answer <&9
is "$answer" 'left 0' 'and all is at the end'
wait
in=$(query 'SELECT count(*) FROM headroom.event')
ok 'the events between backup and restoring are missing' test "$in" -lt "$sent"
is "$(query 'SELECT sum(requests) FROM headroom.gateway_lost')" $((sent - in)) 'which is said, to the last request'
is "$(headroom --json gateway replay --spool "$work/spool" --contract acme | jq -c '[.entries, .added, .duplicate, .quarantined]')" \
    "[$sent,$((sent - in)),$in,0]" 'a replay brings them back'
is "$(query 'SELECT count(*), count(DISTINCT event_id), max(position) FROM headroom.event')" "$sent|$sent|$sent" \
    'so that each request is an event, once'
is "$(query 'SELECT sum(requests) FROM headroom.usage')" "$sent" 'and in the usage'
is "$(query 'SELECT count(*) FROM headroom.gateway_lost')" 0 'and none is lost any more'
exits 0 headroom verify
exits 0 headroom reconcile --month "$(date -u +%Y-%m)" --recount
