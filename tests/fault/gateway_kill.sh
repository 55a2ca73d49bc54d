#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gateway is killed at random moments while clients ask without pause: what reached the vendor is an event, once.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"

kills=4
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then kills=50; fi
RANDOM=$((HEADROOM_TEST_SEED % 32768))
note "seed $HEADROOM_TEST_SEED, $kills kills"

ledger_new killed || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
upstream_start
durability=(fsync write)
begin() { gateway_start --drain-interval 100ms --durability "${durability[$1 % 2]}"; }

slowest=0
begin 0
load_begin kill --threads 8
for ((n = 1; n <= kills; n++)); do
    sleep "0.$((RANDOM % 60 + 20))"
    gateway_stop KILL
    is "$code" 137 'it was there to be killed' || tail -n 5 "$work/gateway.err"
    began=$(date +%s%N)
    begin "$n"
    took=$((($(date +%s%N) - began) / 1000000))
    [ "$took" -lt "$slowest" ] || slowest=$took
done
sleep 0.3
load_end
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
ok "it listens again within 5 seconds of a kill (the slowest: $slowest ms)" test "$slowest" -lt 5000
requests_are_events killed
lost=$(jq -r 'select(.status == null) | .marker' "$load_sent" | wc -l)
ok "kills hit requests under way ($lost)" test "$lost" -gt 0
is "$(cluster_psql killed -At -c "SELECT count(*) > 0 FROM headroom.event WHERE outcome = 'unknown'")" t \
    'some of which nobody knows what became'
is "$(cluster_psql killed -At -c 'SELECT count(DISTINCT source) FROM headroom.event')" 1 'all came from one spool'
