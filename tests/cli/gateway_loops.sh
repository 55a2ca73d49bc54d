#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gateway in several loops: each has its share of the connections, and limits, figures and the end are those of all.
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/cluster.sh"
. "$root/tests/lib/proxy.sh"

ledger_new loops || bail_out 'no ledger'
headroom contract add acme --limit 30 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
echo_start
echo_answer fine 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine'
admin_port=$((32000 + RANDOM % 700))
metric() { curl -s --max-time 10 "http://127.0.0.1:$admin_port/metrics" | awk -v name="headroom_gateway_$1" '$1 == name { print $2 }'; }
metric_is() { [ "$(metric "$1")" = "$2" ]; }
until_metric() { within 10 metric_is "$@"; } # NAME VALUE
has_come() { [ "$(echo_count)" -ge "$1" ]; } # COUNT
status() { curl -s -o "$work/.body" --max-time 10 -w '%{http_code}' "$@"; }

for bad in 0 65 many; do
    exits 2 timeout 20 "$program" gateway --listen 127.0.0.1:1 --loops "$bad"
    like "$err" '--loops' "--loops $bad is refused by its name"
done

# ---- each has its share ----

# How many sockets of clients each of the gateway's epolls waits for, of those that have any.
shares() {
    awk -v port="$(printf ':%04X' "$proxy_port")" '$2 ~ port "$" && $4 == "01" { print "socket:[" $10 "]" }' \
        /proc/net/tcp >"$work/.clients"
    find "/proc/$proxy_pid/fd" -lname 'socket:*' -printf '%l %f\n' | grep -wFf "$work/.clients" >"$work/.sockets"
    grep -H '^tfd:' "/proc/$proxy_pid/fdinfo/"* 2>"$work/.gone" |
        awk 'NR == FNR { is[$2] = 1; next } $2 in is { n[$1]++ } END { for (epoll in n) print n[epoll] }' \
            "$work/.sockets" - | sort -n | xargs
}
connected=()
connect() { # COUNT
    local i connection
    for ((i = 0; i < $1; i++)); do
        exec {connection}<>"/dev/tcp/127.0.0.1/$proxy_port" || return 1
        connected+=("$connection")
    done
}
disconnect() {
    local connection
    for connection in "${connected[@]}"; do exec {connection}>&-; done
    connected=()
}

proxy_start --contract acme --loops 3 --admin "127.0.0.1:$admin_port" --max-connections 9 --max-in-flight 6 \
    --drain-interval 100ms --header-timeout 60s
url=http://127.0.0.1:$proxy_port
connect 6
until_metric connections 6
is "$(metric connections)" 6 'connections of all loops are counted'
is "$(shares)" '2 2 2' 'each loop has as many as the others'
connect 3
until_metric connections 9
is "$(shares)" '3 3 3' 'and takes one of three more'

# ---- limits are of all together ----

exec {tenth}<>"/dev/tcp/127.0.0.1/$proxy_port"
printf 'GET /fine HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >&"$tenth"
timeout 0.5 cat <&"$tenth" >"$work/.tenth"
is "$(cat "$work/.tenth")" '' 'a connection beyond --max-connections waits'
is "$(metric connections)" 9 'outside'
disconnect
timeout 5 cat <&"$tenth" >"$work/.tenth"
like "$(head -n 1 "$work/.tenth")" '^HTTP/1.1 200 ' 'and is served as soon as another one leaves'
exec {tenth}>&-
until_metric connections 0
for i in 1 2 3 4 5 6; do
    curl -s -o "$work/.drip$i" --max-time 20 -w '%{http_code} ' -d x "$url/drip" >"$work/.status$i" &
    stalled[i]=$!
done
until_metric in_flight 6
ok 'as many requests as --max-in-flight are under way' test "$(metric in_flight)" = 6
is "$(status "$url/fine")" 503 'one more is refused, whichever loop has it'
wait "${stalled[@]}"
is "$(cat "$work"/.status?)" '200 200 200 200 200 200 ' 'and those end'
until_metric in_flight 0
is "$(status "$url/fine")" 200 'then there is a place again'
is "$(metric 'requests_total{endpoint="other",status="200"}')" 8 'what all loops have answered is one figure'
is "$(metric 'refused_total{reason="busy"}')" 1 'as is what they refused'
proxy_stop
is "$proxy_code" 0 'SIGTERM ends them all'
is "$(cluster_psql loops -At -c 'SELECT count(*) FROM headroom.event')" 8 'each request that passed is an event'

# ---- the end with requests under way in each ----

proxy_start --contract acme --loops 3
url=http://127.0.0.1:$proxy_port
before=$(echo_count)
for i in 1 2 3; do
    curl -s -o "$work/.drip$i" --max-time 20 -w '%{http_code} ' -d x "$url/drip" >"$work/.status$i" &
    stalled[i]=$!
done
within 10 has_come $((before + 3))
proxy_stop
wait "${stalled[@]:0:3}"
is "$(cat "$work"/.status[123])" '200 200 200 ' 'answers under way in each loop are given to their end'
is "$(stat -c %s "$work"/.drip[123] | sort -u)" 400000 'whole'
is "$proxy_code" 0 'then it ends'
proxy_start --contract acme --loops 3 --grace 200ms
url=http://127.0.0.1:$proxy_port
before=$(echo_count)
for i in 1 2 3; do
    curl -s -o "$work/.stall" --max-time 20 -d x "$url/stall" &
    stalled[i]=$!
done
within 10 has_come $((before + 3))
proxy_stop
is "$proxy_code" 0 'no loop waits for longer than --grace'
like "$(cat "$proxy_log")" '3 requests had no whole answer yet and were ended' 'and what each has cut off is told together'

# ---- an answer that the loop gives by itself ----

# That the gate refuses is known when there is nothing left to wait for: the loop must not sleep before it says so.
proxy_start --contract acme --loops 3 --gate enforce --gate-at 1
cut() { cluster_psql loops -At -c "SELECT count(*) FROM headroom.event WHERE outcome = 'no_answer'"; }
all_cut() { [ "$(cut)" = 3 ]; }
within 20 all_cut
is "$(cut)" 3 'what was cut off is on record'
for i in {1..20}; do
    curl -s -o "$work/.body" --max-time 20 -d x -w '%{http_code} %{time_total}\n' \
        -H "Authorization: OAuth oauth_token=\"10$i-a\"" "http://127.0.0.1:$proxy_port/fine"
done >"$work/.times"
is "$(tail -n 19 "$work/.times" | grep -c '^403')" 19 'the gate refuses new handles'
late=$(awk '$2 >= 0.09 { n++ } END { print n + 0 }' "$work/.times")
ok 'and tells so at once' test "$late" -lt 10
proxy_stop
is "$(awk -F 'requests=' '/requests refused reason=gate/ { n += $2 } END { print n }' "$proxy_log")" \
    "$(grep -c '^403' "$work/.times")" 'at its end all that were refused are in the log'

# ---- a loop that has ended is none that hangs ----

if [ -n "${HEADROOM_TEST_FULL:-}" ]; then
    is_ill() { [ "$(status "http://127.0.0.1:$admin_port/healthz")" = 503 ]; }
    proxy_start --contract acme --loops 2 --admin "127.0.0.1:$admin_port" --grace 8s
    before=$(echo_count)
    curl -s -o "$work/.stall" --max-time 20 -d x "http://127.0.0.1:$proxy_port/stall" &
    within 10 has_come $((before + 1))
    kill -TERM "$proxy_pid"
    ok 'while one loop waits for its last answer the gateway is healthy' not within 6 is_ill
    is "$(status "http://127.0.0.1:$admin_port/readyz")" 503 'and not ready'
    proxy_stop
fi
