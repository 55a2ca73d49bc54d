#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Requests that never left for the vendor are no events, and no hole: it is down, or somebody else, or does not accept; or
# the client is gone before its intent is on the disk, or before the vendor is reached.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"
. "$root/tests/lib/exposition.sh"

requests=30
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then requests=3000; fi
admin_port=''
ledger_new unsent || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
"$root/scripts/make-ca" "$work/other" >"$work/.make-ca-other" 2>&1 || bail_out 'no other CA'
upstream_start
port_free admin_port
gateway_start --drain-interval 100ms --upstream-connect-timeout 500ms --body-window 64K --admin "127.0.0.1:$admin_port" -v
metric() { # NAME [LABELS]
    out=$(curl -s --max-time 10 "http://127.0.0.1:$admin_port/metrics")
    exposed "headroom_gateway_$1" "${2:-}"
}
metric_is() { [ "$(metric "${@:2}")" = "$1" ]; } # VALUE NAME [LABELS]
told() { jq -r --arg name "$1." 'select(.marker | startswith($name)) | [.status, .by] | map(. // "-") | join(" ")' "$load_sent" | sort -u; }
total=0
unsent() { # N WHAT: so many more that were not sent
    total=$((total + $1))
    within 20 metric_is "$total" not_sent_total
    is "$(metric not_sent_total)" "$total" "$2: all $1 are counted as not sent"
}

load_run before --threads 3 --requests "$requests"
is "$(told before)" '200 -' 'requests go through'
is "$(metric not_sent_total)" 0 'none of them was not sent'

note 'the vendor is down'
upstream_stop
load_run down --threads 4 --requests "$requests"
is "$(told down)" '502 error' 'its clients are told'
like "$(gateway_curl -d '{}' "$totals")" '^\{"errors":\["the gateway cannot reach data-api.twitter.com: ' 'in the vendor'\''s form'
unsent $((requests + 1)) 'down'
is "$(metric upstream_failures_total '{reason="unreachable"}')" "$total" 'the metrics say why'

note 'somebody else has its address'
upstream_start --cert "$work/other/gateway.pem" --key "$work/other/gateway.key"
load_run other --threads 4 --requests "$requests"
is "$(told other)" '502 error' 'whose certificate is not trusted'
unsent "$requests" 'somebody else'
upstream_stop

# One place in the queue of those that are not accepted, and it is taken: who comes now gets no word.
cat >"$work/deaf.py" <<'END'
import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=0)
taken = [socket.create_connection(listener.getsockname())]
print("deaf", flush=True)
time.sleep(60)
END
# Clients that send the head and a whole window of the body, so that it goes on, and leave amid it.
cat >"$work/leave.py" <<'END'
import socket, sqlite3, ssl, sys, time
port, ca, host, word, database = sys.argv[1:]
if database:
    spool = sqlite3.connect(database, isolation_level=None, timeout=20)
    spool.execute("BEGIN IMMEDIATE")  # the spool's writer waits for whoever holds its database
clients = []
for i in range(4):
    tls = ssl.create_default_context(cafile=ca)
    client = tls.wrap_socket(socket.create_connection(("127.0.0.1", int(port))), server_hostname=host)
    head = (f"POST /insights/engagement/totals HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000\r\n"
            f'Authorization: OAuth oauth_token="77-x"\r\nX-Marker: {word}.{i}\r\nX-Headroom-Label: {word}.{i}\r\n\r\n')
    client.sendall(head.encode() + b"x" * 65536)
    clients.append(client)
time.sleep(0.2)
for client in clients:
    client.close()
if database:
    time.sleep(0.2)
    spool.execute("ROLLBACK")
END
leave() { /usr/bin/python3 "$work/leave.py" "$gateway_port" "$work/ca/ca.pem" "$vendor" "$1" "${2:-}"; }

note 'it does not accept'
/usr/bin/python3 "$work/deaf.py" "$upstream_port" >"$work/deaf.said" &
deaf=$!
until_up "$deaf" test -s "$work/deaf.said" || bail_out 'nobody is deaf'
load_run deaf --threads 4 --requests 8
is "$(told deaf)" '504 error' 'its clients are told'
unsent 8 'not accepted'
is "$(metric upstream_failures_total '{reason="unreachable"}')" "$total" 'it was not reached'
leave deaf
unsent 4 'not accepted, and the client is gone'
kill "$deaf"
wait "$deaf" 2>>"$work/.wait"

note 'the client is gone before its intent is on the disk'
upstream_start
load_run again --threads 3 --requests "$requests" # connections to the vendor stand
leave gone "$gateway_spool/spool.db"
unsent 4 'gone'
leave amid
load_run after --threads 3 --requests "$requests"
is "$(told after)" '200 -' 'the others are served'
is "$(metric not_sent_total)" "$total" 'who leaves later was sent'
is "$(metric upstream_failures_total '{reason="closed"}')" 0 'the vendor broke no connection'
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"

is "$(grep -c 'request not sent: no event.* id=[0-9]*.* subject=77 ' "$work/gateway.err")" 8 'the log says whose and which were not sent'
requests_are_events unsent
is "$(in_ledger unsent)" "$(wc -l <"$work/reached.csv")" 'nothing is an event but what reached the vendor'
is "$(jq -r 'select(.did == "came" and .marker != null) | .marker | select(test("^(down|other|deaf|gone)"))' "$upstream_log")" '' \
    'of the others the vendor saw nothing'
is "$(cluster_psql unsent -At -c 'SELECT taken, settled FROM headroom.gateway_spool')" \
    "{[1,$((3 * requests + total + 5)))}|$((3 * requests + total + 4))" 'their numbers came, all the same'
exits 0 headroom sources --check
is "$(headroom --json gateway replay --spool "$gateway_spool" --contract c |
    jq -c '[.entries, .added, .duplicate, .quarantined]')" "[$((3 * requests + 4)),0,$((3 * requests + 4)),0]" \
    'a replay counts those that left'
