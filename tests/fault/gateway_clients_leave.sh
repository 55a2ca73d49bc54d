#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Clients leave amid their request and amid the answer: what reached the vendor is an event, and nothing stays behind.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"

requests=120
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then requests=5000; fi
ledger_new leave || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
upstream_start
gateway_start --drain-interval 100ms

# Connections of clients that the gateway still holds: established (01) or left by the other side (08).
held() {
    awk -v port="$(printf ':%04X' "$gateway_port")" '$2 ~ port "$" && ($4 == "01" || $4 == "08")' /proc/net/tcp | wc -l
}
load_run before --threads 4 --requests 40
load_run leave --threads 6 --requests "$requests" --leave head,body,answer,none,answer --fault none,slow,oversize,chunked
is "$(jq -r 'select(.status == 200) | .marker' "$load_sent" | grep -c '^leave')" $((requests / 5)) \
    'those that stay are answered'
load_run after --threads 4 --requests 40
holds_none() { [ "$(held)" -eq 0 ]; }
within 60 holds_none
is "$(held)" 0 'it holds no connection of a client that left'
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
requests_are_events leave
