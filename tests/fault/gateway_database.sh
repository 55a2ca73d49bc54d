#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The database is stopped, killed and brought back from an older backup under a gateway that goes on: no request fails,
# and in the end each is an event, once.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"

rounds=1
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then rounds=10; fi
# fsync is on: a server that is killed has to keep what it acknowledged.
cluster_start fsync=on shared_buffers=64MB max_connections=30
ledger_new away || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
upstream_start

holds() { [ "$(in_ledger away)" -ge "$1" ]; }
# Everything that was answered up to now comes into the ledger by itself.
drains() { # NAME
    local answered
    answered=$(jq -r 'select(.status == 200) | .marker' "$load_sent" | wc -l)
    ok "$1: the ledger has all that was answered by then" within 60 holds "$answered"
}

gateway_start --drain-interval 100ms
load_begin away --threads 2
sleep 0.3
for ((round = 1; round <= rounds; round++)); do
    for signal in INT QUIT; do
        cluster_down "$signal"
        sleep 0.3
        cluster_up || bail_out 'the server does not start again'
        drains "ended by $signal"
    done
done
cluster_psql away -At -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = 'away' AND pid <> pg_backend_pid()" >"$work/.terminated"
drains 'connections cut'

note 'started while the database is away'
cluster_down INT
gateway_stop
is "$code" 0 'it ends well without the database' || tail -n 5 "$work/gateway.err"
gateway_start --drain-interval 100ms
sleep 0.3
cluster_up || bail_out 'the server does not start again'
load_end
drains 'started without the database'
is "$(jq -r 'select(.status != 200 and .error == null) | .marker' "$load_sent" | wc -l)" 0 'no answer was another for it'

note 'brought back from an older backup'
exits 0 headroom db backup "$work/backup"
load_run later --threads 4 --requests 200
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
requests_are_events away
cluster_psql postgres -c 'DROP DATABASE away' && cluster_database away || bail_out 'no empty database'
exits 0 headroom db restore "$work/backup"
load_tables away
is "$(not_recorded away)" 200 'the backup lacks what came after it'
exits 0 headroom --json gateway replay --spool "$work/spool"
is "$(jq -c '[.added, .quarantined]' <<<"$out")" '[200,0]' 'a replay brings exactly that'
requests_are_events away
exits 0 headroom --json gateway replay --spool "$work/spool"
is "$(jq .added <<<"$out")" 0 'and once'

note 'started on a copy of the key that is not the key of the database'
admin_port=''
port_free admin_port
in=$(in_ledger away)
cluster_down INT
cp "$gateway_spool/token-key" "$work/token-key"
printf '%064d\n' 7 >"$gateway_spool/token-key"
gateway_start --drain-interval 100ms --admin "127.0.0.1:$admin_port"
load_run key --threads 1 --requests 2
cluster_up || bail_out 'the server does not start again'
ok 'it is seen when the database is back' within 60 says "$work/gateway.err" 'wait in the spool: .*holds another key'
like "$(curl -s "http://127.0.0.1:$admin_port/readyz")" 'holds another key .* remove the file and start again$' \
    'it is said, to the end'
is "$(curl -s "http://127.0.0.1:$admin_port/metrics" | grep -oE '_(database_up|spool_entries) [0-9]+$' | sort | paste -sd' ')" \
    '_database_up 0 _spool_entries 2' \
    'the requests wait'
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
is "$(in_ledger away)" "$in" 'nothing went into the ledger'
rm "$gateway_spool/token-key"
gateway_start --drain-interval 100ms
ok 'without the copy they come in' within 60 holds $((in + 2))
ok 'and the copy is the key of the database' cmp "$gateway_spool/token-key" "$work/token-key"
gateway_stop
